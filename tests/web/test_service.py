"""What the pages and routes of one process share: tokens, images, previews made ahead."""

from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs

from errortool.errors import ImageError, SessionError
from errortool.images import Cache
from errortool.model import Session
from errortool.store import Store
from errortool.web.service import Service, service


def test_a_token_is_for_one_session_in_one_process(store: Store, session: Session, tmp_path: Path):
    """It opens its own session alone, and another process makes another."""
    one = Service(store, Cache(tmp_path / "previews"))
    token = one.token(session.uid)
    assert one.allows(session.uid, token)
    for uid, wrong in ((session.uid, ""), (session.uid, token[:-1] + "x"), ("other", token)):
        assert not one.allows(uid, wrong)
    assert not Service(store, Cache(tmp_path / "previews")).allows(session.uid, token)


def test_an_image_is_found_by_its_place(store: Store, session: Session, tmp_path: Path):
    """Small or in full; a position without an example has no image."""
    one = Service(store, Cache(tmp_path / "previews"))
    assert one.image(session.uid, 0, side=40).data != one.image(session.uid, 11, side=None).data
    for position in (-1, 12):
        with pytest.raises(ImageError, match="this example has no image"):
            one.image(session.uid, position)
    with pytest.raises(SessionError):
        one.image("no such session", 0)


def test_a_session_without_images_has_none(store: Store, tmp_path: Path):
    """Text is reviewed like images, but never asks for one."""
    path = cats_and_dogs(tmp_path, errors=2, right=2)
    path.write_text(path.read_text().replace("image,", "words,", 1).replace(".png", ""))
    begun = begin(store, path, name="texts")
    with pytest.raises(ImageError, match="this example has no image"):
        Service(store, Cache(tmp_path / "previews")).image(begun.uid, 0)


def test_previews_are_made_ahead(store: Store, session: Session, tmp_path: Path):
    """Those not seen yet come first; an image that can't be shown stops nothing."""
    asked: list[int] = []

    class Watched(Service):
        def image(self, uid: str, position: int, **options):
            asked.append(position)
            return super().image(uid, position, **options)

    broken = store.rows(session)[4].example.image
    (tmp_path / "images" / str(broken)).write_bytes(b"")
    one = Watched(store, Cache(tmp_path / "previews"))
    one.prefetch(session.uid, seen={0, 1, 2})
    worker = one._worker
    if worker is not None:
        worker.join(30)
    assert asked == [*range(3, 12), 0, 1, 2]
    made = [path for path in (tmp_path / "previews").rglob("*") if path.is_file()]
    assert len(made) == 11


def test_a_process_has_one_service(served: Store):
    """Every page and route works on the same session file, that the environment names."""
    assert service() is service()
    assert service().store.path == served.path
