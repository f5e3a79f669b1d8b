"""`python -m cspr_core` is `cspr`."""

from cspr_core.cli import main

if __name__ == "__main__":
    main()
