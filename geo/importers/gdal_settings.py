"""What GDAL may do in the child that opens files of others."""

from collections.abc import Iterable


def gdal_settings(skipped: Iterable[str], **more: str) -> dict[str, str]:
    """Environment of a child: without the drivers `skipped`, no network, no neighbouring files."""
    return {
        "GDAL_SKIP": ",".join(sorted(skipped)),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_NUM_THREADS": "1",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        **more,
    }
