"""Makes the worker process green before anything else is imported.

Imported first of all by each service's `__main__`: nameko runs on eventlet, whose patching
must precede the import of every module that takes a socket, a lock or a thread.
"""

import sys
import warnings


def patch_worker() -> None:
    """Patch the standard library when this process is to be a worker."""
    # nameko stands on eventlet; that eventlet advises against new projects is known.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    if sys.argv[1:2] == ["worker"]:
        import eventlet  # noqa: PLC0415 - only the worker knows eventlet

        eventlet.monkey_patch()
