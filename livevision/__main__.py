"""``python -m livevision``."""

from livevision.cli import main

if __name__ == "__main__":
    main()
