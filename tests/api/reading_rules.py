"""The table of rules: who is answered by which route that answers GET."""

# For everybody, and never with anything of a single record.
OPEN = {
    "/api/v1/health": "",
    "/api/v1/code-lists": "",
    "/api/v1/editions": "",
    "/api/v1/border-lines": "",
    "/api/v1/outline": "",
    "/api/v1/support-measures": "",
    "/api/v1/support-measures/monthly": "?unit=40&year=2025",
    "/api/v1/support-measures/provinces": "?programme=hotline_111&measure=calls",
    "/api/v1/reintegration-pilots": "",
    "/api/v1/support-measures/{identifier}": "",
    "/api/v1/border-bands": "",
    "/api/v1/border-gates": "",
    "/api/v1/packs": "",
    "/api/v1/packs/{province}": "",
    "/api/v1/places": "?q=Môn Sơn",
    "/api/v1/units": "?level=province",
    "/api/v1/units/{edition}/{level}/{code}": "",
    "/api/v1/units/{edition}/{level}/{code}/profile": "",
    "/api/v1/statistics": "?edition=2025&level=commune&from=2025-08-03&to=2025-08-20",
    "/api/v1/rates": "?edition=2025&level=commune&from=2025-07-01&to=2025-12-31",
    "/api/v1/coverage": "?edition=2025&level=commune&from=2025-07-01&to=2025-12-31",
    "/api/v1/coverage/{code}": "?edition=2025&level=commune&from=2025-07-01&to=2025-12-31",
    "/api/v1/hotspot-runs": "",
    "/api/v1/hotspot-runs/{run_id}": "",
    "/api/v1/hotspot-runs/{run_id}/results": "",
    "/api/v1/hotspot-runs/{run_id}/clusters": "",
    "/api/v1/hotspot-runs/{run_id}/ranking": "",
    "/api/v1/tiles/{edition}/{level}/{key}/{z}/{x}/{y}.mvt": "",
    # By the audience of each layer: tested in tests/api/test_rasters.py.
    "/api/v1/raster-layers": "",
    "/api/v1/raster-layers/figures/{level}/{code}": "",
    "/api/v1/raster-layers/{identifier}/tiles/{z}/{x}/{y}.png": "",
    # What administrators put under the map; tested in tests/api/test_basemaps.py.
    "/api/v1/basemaps/{identifier}/tiles/{z}/{x}/{y}": "",
}
# For whoever is signed in, about himself, or (a plan of sessions) of what everybody may know.
OWN = {
    "/api/v1/imports",
    "/api/v1/imports/{identifier}",
    "/api/v1/imports/{identifier}/rejected.csv",
    "/api/v1/imports/{identifier}/rejected.xlsx",
    "/api/v1/imports/templates/{record_type}.xlsx",
    "/api/v1/jobs",
    "/api/v1/jobs/{identifier}",
    "/api/v1/place-names",
    "/api/v1/second-factor",
    "/api/v1/session",
    "/api/v1/session-plan",
    "/api/v1/sessions",
    "/api/v1/tokens",
}
# Open too, but they say more of one's own units (api/disclosure.py), or which these are.
BY_AUDIENCE = {
    "/api/v1/coverage",
    "/api/v1/coverage/{code}",
    "/api/v1/hotspot-runs/{run_id}/clusters",
    "/api/v1/hotspot-runs/{run_id}/ranking",
    "/api/v1/hotspot-runs/{run_id}/results",
    "/api/v1/packs",
    "/api/v1/raster-layers",
    "/api/v1/raster-layers/figures/{level}/{code}",
    "/api/v1/rates",
    "/api/v1/statistics",
    "/api/v1/support-measures",
    "/api/v1/support-measures/monthly",
    "/api/v1/support-measures/provinces",
    "/api/v1/support-measures/{identifier}",
    "/api/v1/units/{edition}/{level}/{code}",
    "/api/v1/units/{edition}/{level}/{code}/profile",
}
# Lists of records and single ones, by the kinds of records that they hold.
LISTS = {
    "/api/v1/incidents": ("incident",),
    "/api/v1/outreach-events": ("outreach_event",),
    "/api/v1/prevention-models": ("prevention_model",),
    "/api/v1/networks": ("network",),
    "/api/v1/network-flows": ("network",),
    "/api/v1/place-reviews": ("incident", "outreach_event", "prevention_model", "network"),
}
# Made of all incidents of one's own units, and naming none: tested in tests/api/test_density.py.
SURFACES = {"/api/v1/density", "/api/v1/density/map", "/api/v1/density.tif"}
# Of networks that one may read, and counts by audience: tested in tests/api/test_interventions.py.
EFFECTS = {"/api/v1/intervention-effect"}
# Hotspots of one's own units, tested by role and unit in tests/api/test_hotspot_reviews.py.
REVIEWS = {
    "/api/v1/hotspot-reviews",
    "/api/v1/hotspot-reviews/{edition}/{level}/{code}",
}
# What officers and leaders read of records in their own units, and nobody else.
LATEST = "/api/v1/entries"
# Figures are tested by their province in tests/api/test_support.py.
FIGURE_HISTORY = "/api/v1/support-measures/{identifier}/history"
HISTORIES = {
    "/api/v1/incidents/{identifier}/history": "incident",
    "/api/v1/outreach-events/{identifier}/history": "outreach_event",
    "/api/v1/prevention-models/{identifier}/history": "prevention_model",
    "/api/v1/networks/{identifier}/history": "network",
}
SINGLE = {
    "/api/v1/incidents/{identifier}": "incident",
    "/api/v1/outreach-events/{identifier}": "outreach_event",
    "/api/v1/prevention-models/{identifier}": "prevention_model",
    "/api/v1/networks/{identifier}": "network",
}
