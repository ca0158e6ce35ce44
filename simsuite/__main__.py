"""`python -m simsuite`: the same as the command `simsuite`."""

from simsuite.cli.main import main

if __name__ == "__main__":
    main()
