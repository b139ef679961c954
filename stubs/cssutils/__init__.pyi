class _Profiles:
    def removeProfile(self, profile: str | None = None, all: bool = False) -> None: ...

profile: _Profiles
