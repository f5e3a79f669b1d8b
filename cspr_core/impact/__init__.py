"""What a change of the rules does to the cases there are: findings under two versions, compared."""
