"""What a backup or a restore refuses, and why."""


class SnapshotRefused(Exception):
    """It cannot be done as things stand; the message says what to do."""


class Damaged(SnapshotRefused):
    """The backup's files are not what its manifest says."""


class StillServing(SnapshotRefused):
    """Processes of the platform are at work on what would be replaced."""


class NotEmpty(SnapshotRefused):
    """The target holds data, and nobody said that they may go."""
