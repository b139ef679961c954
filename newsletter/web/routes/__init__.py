"""One file of routes for each thing that readers come for."""
