"""`python -m cspr_core` is `cspr`."""

from cspr_core.cli import command

if __name__ == "__main__":
    command()
