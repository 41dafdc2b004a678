"""The probe of the panel Last layer, against a hook on the network and scikit-learn."""

from __future__ import annotations

import base64
import signal
from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from threadpoolctl import threadpool_limits

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn import tsne
from dlviz.labs.cnn.embedding import SHOWN, last_layer
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.separation import lying, nearest, principal_axes
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.jobs import to_the_end

# Digits of 28 × 28: of those of 8 × 8 many are exactly equally far apart, and any order of them is right.
SPEC = CnnSpec(channels=(4,), dense_units=(16,), dropout=0.3)


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(SPEC)
    run.advance(60)
    return run


def look(run: CnnRun, **options: Any) -> Trace:
    return to_the_end(last_layer(run, **options))


def vectors_of(run: CnnRun, space: str) -> np.ndarray:
    """What a hook sees enter the output layer, or the pixels; of the run's own picture in the last row."""
    pictures = torch.cat([run.pictures.test_x[:SHOWN], run.picture[None]])
    if space == "pixels":
        return pictures.flatten(1).double().numpy()
    kept: list[torch.Tensor] = []
    hook = run.network.get_submodule("output").register_forward_pre_hook(lambda _, given: kept.append(given[0]))
    run.network.eval()
    with torch.no_grad():
        run.network(pictures)
    run.network.train()
    hook.remove()
    return kept[0].double().numpy()


@pytest.fixture(params=["features", "pixels"])
def space(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_points_are_those_of_scikit_learns_pca(run: CnnRun, space: str) -> None:
    trace, vectors = look(run, space=space), vectors_of(run, space)
    expected = PCA(2, svd_solver="full").fit(vectors[:-1])
    np.testing.assert_allclose(trace["points"], expected.transform(vectors[:-1]), atol=1e-4)
    np.testing.assert_allclose(trace["here"], expected.transform(vectors[-1:])[0], atol=1e-4)
    np.testing.assert_allclose(trace["explained"], expected.explained_variance_ratio_, rtol=1e-5)
    np.testing.assert_allclose(trace["axes"], expected.components_, atol=1e-5)
    np.testing.assert_allclose(trace["mean"], expected.mean_, atol=1e-5)


@pytest.mark.parametrize("shape", [(30, 8), (8, 30), (20, 1)], ids=["tall", "wide", "one unit"])
def test_principal_axes_of_any_shape(shape: tuple[int, int]) -> None:
    vectors = np.random.default_rng(0).normal(size=shape) * np.arange(1, shape[1] + 1)
    axes, count = principal_axes(vectors), min(2, shape[1])
    expected = PCA(count, svd_solver="full").fit(vectors)
    np.testing.assert_allclose(axes.directions[:count], expected.components_, atol=1e-8)
    np.testing.assert_allclose(axes.explained(vectors)[:count], expected.explained_variance_ratio_)
    assert not axes.directions[count:].any()


def test_vectors_that_are_all_alike_have_no_axes() -> None:
    axes = principal_axes(np.ones((6, 4)))
    assert not axes.directions.any()
    assert not axes.explained(np.ones((6, 4))).any()
    found = lying(np.ones((6, 4)), np.arange(6) % 2, 2)
    assert (found.between, found.within) == (0, 0)


def test_neighbours_and_their_votes_are_those_of_scikit_learn(run: CnnRun, space: str) -> None:
    trace, vectors = look(run, space=space), vectors_of(run, space)
    others, labels = vectors[:-1], run.pictures.test_y[:SHOWN].numpy()
    far, places = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(others).kneighbors()
    np.testing.assert_array_equal(trace["neighbours"], places)
    np.testing.assert_allclose(trace["neighbour_distances"], far, rtol=1e-5)
    classifier = KNeighborsClassifier(5, algorithm="brute")
    votes = cross_val_predict(classifier, others, labels, cv=LeaveOneOut())
    np.testing.assert_array_equal(trace["voted"], votes)
    assert trace["neighbour_accuracy"] == pytest.approx((votes == labels).mean())
    np.testing.assert_array_equal(trace["here_neighbours"], places[SPEC.picture])


def test_an_own_picture_is_placed_among_the_others(run: CnnRun, space: str) -> None:
    before = run.picture
    own = (before.flip(2) * 255).round().to(torch.uint8).numpy()
    text = base64.urlsafe_b64encode(own.tobytes()).decode().rstrip("=")
    run.set({"own_pixels": text})
    trace, vectors = look(run, space=space), vectors_of(run, space)
    run.set({"own_pixels": ""})
    far, places = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(vectors[:-1]).kneighbors(vectors[-1:])
    np.testing.assert_array_equal(trace["here_neighbours"], places[0])
    np.testing.assert_allclose(trace["here_distances"], far[0], rtol=1e-5)
    np.testing.assert_allclose(trace["here"], PCA(2, svd_solver="full").fit(vectors[:-1]).transform(vectors[-1:])[0],
                               atol=1e-4)  # fmt: skip


def test_variance_between_and_within_the_classes(run: CnnRun, space: str) -> None:
    """The law of total variance, unit by unit, and the distances to the means."""
    trace, vectors = look(run, space=space), vectors_of(run, space)[:-1]
    labels = run.pictures.test_y[:SHOWN].numpy()
    means = np.stack([vectors[labels == k].mean(0) for k in range(10)])
    within = np.mean([((v - means[k]) ** 2).sum() for v, k in zip(vectors, labels, strict=True)])
    assert trace["within"] == pytest.approx(within, rel=1e-5)
    assert trace["between"] + trace["within"] == pytest.approx(vectors.var(0).sum(), rel=1e-5)
    for at in (0, 7, 99):
        far = np.linalg.norm(means - vectors[at], axis=1)
        assert trace["own_distance"][at] == pytest.approx(far[labels[at]], rel=1e-5)
        rival = min(set(range(10)) - {labels[at]}, key=lambda k: far[k])
        assert trace["rival"][at] == rival
        assert trace["rival_distance"][at] == pytest.approx(far[rival], rel=1e-5)


def test_answers_are_those_of_the_network_and_pictures_stand_at_their_place(run: CnnRun) -> None:
    trace, pictures = look(run, pictures=True), run.pictures.test_x[:SHOWN]
    run.network.eval()
    with torch.no_grad():
        shares = run.network(pictures).double().softmax(1).numpy()
    run.network.train()
    np.testing.assert_array_equal(trace["answer"], shares.argmax(1))
    np.testing.assert_allclose(trace["confidence"], shares.max(1), rtol=1e-5)
    np.testing.assert_array_equal(trace["truth"], run.pictures.test_y[:SHOWN].numpy())
    assert trace["accuracy"] == pytest.approx((shares.argmax(1) == trace["truth"]).mean())
    np.testing.assert_array_equal(trace["pictures"], (pictures.numpy() * 255).round())
    for index in (0, 5, 123):  # what a click sends as the setting `picture`
        chosen = CnnRun(CnnSpec(**{**vars(SPEC), "picture": index})).picture.numpy()
        np.testing.assert_array_equal(trace["pictures"][index], (chosen * 255).round())


def test_axes_from_another_moment(run: CnnRun) -> None:
    later = CnnRun(SPEC)
    later.restore(run.snapshot())
    later.advance(40)
    newest, vectors = look(later), vectors_of(run, "features")[:-1]
    given = np.concatenate([newest["mean"][None], newest["axes"]]).astype("<f4")
    trace = look(run, axes=base64.b64encode(given.tobytes()).decode())
    placed = (vectors - given[0]) @ given[1:].T
    np.testing.assert_allclose(trace["framed"], placed, atol=1e-4)
    here = (vectors_of(run, "features")[-1] - given[0]) @ given[1:].T
    np.testing.assert_allclose(trace["framed_here"], here, atol=1e-4)
    np.testing.assert_allclose(trace["framed_explained"], placed.var(0) / vectors.var(0).sum(), rtol=1e-4)
    assert trace["framed_explained"].sum() < trace["explained"].sum()


def test_tsne_is_scikit_learns(run: CnnRun) -> None:
    vectors, reports = vectors_of(run, "features")[:120], []
    work = tsne.embed(vectors, 20)
    while True:
        try:
            reports.append(next(work))
        except StopIteration as end:
            points, divergence = end.value
            break
    assert all(report.rest > 0 for report in reports)
    assert [report.done for report in reports] == sorted(report.done for report in reports)
    made = TSNE(n_components=2, perplexity=20, init="pca", random_state=tsne.SEED, max_iter=tsne.ITERATIONS)
    with threadpool_limits(1):
        expected = made.fit_transform(vectors.astype(np.float32))
    np.testing.assert_array_equal(points, expected)
    assert divergence == made.kl_divergence_


def test_the_panel_lays_out_all_pictures_by_tsne(run: CnnRun, space: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    def embed(vectors: np.ndarray, perplexity: float) -> Generator[Progress, None, tuple[np.ndarray, float]]:
        given.append((vectors, perplexity))
        yield Progress(1, 2)
        return vectors[:, :2], 0.5

    monkeypatch.setattr(tsne, "embed", embed)
    trace = look(run, space=space, method="tsne", perplexity=12)
    ((vectors, perplexity),) = given
    np.testing.assert_allclose(vectors, vectors_of(run, space)[:-1], atol=1e-6)
    assert perplexity == 12
    np.testing.assert_array_equal(trace["points"], vectors[:, :2].astype(np.float32))
    assert trace["divergence"] == 0.5
    assert trace["neighbour_accuracy"] == look(run, space=space)["neighbour_accuracy"]


def test_tsne_that_is_no_longer_wanted_ends_its_process(run: CnnRun, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = tsne._start
    monkeypatch.setattr(tsne, "_start", lambda *given: started.append(start(*given)) or started[0])
    work = tsne.embed(vectors_of(run, "features"), 30)
    next(work)
    assert started[0].poll() is None
    work.close()
    assert started[0].returncode == -signal.SIGKILL


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"perplexity \(30.0\) must be less than n_samples"):
        to_the_end(tsne.embed(np.eye(6), 30))


def test_it_sees_the_moment_at_which_it_was_asked(run: CnnRun) -> None:
    later = CnnRun(SPEC)
    later.restore(run.snapshot())
    work = last_layer(later)
    later.advance(10)
    later.set({"picture": 3})
    trace = to_the_end(work)
    assert trace["step"] == run.step
    np.testing.assert_array_equal(trace["points"], look(run)["points"])
    np.testing.assert_array_equal(trace["here"], look(run)["here"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"space": "logits"}, "must be one of features, pixels"),
        ({"method": "umap"}, "must be one of pca, tsne"),
        ({"perplexity": 1}, "must be from 2 to 100"),
        ({"perplexity": "many"}, "must be from 2 to 100"),
        ({"axes": "%%"}, "3 × 16 float32"),
        ({"axes": base64.b64encode(bytes(12)).decode()}, "3 × 16 float32"),
    ],
)
def test_what_cannot_be_is_said(run: CnnRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        last_layer(run, **options)


def test_features_that_are_not_finite_are_said() -> None:
    broken = CnnRun(SPEC)
    broken.edit("dense1.bias", (0,), 1.0)
    broken.network.get_submodule("dense1").bias.data[0] = float("nan")
    with pytest.raises(InvalidInput, match="finite numbers"):
        look(broken)


def test_nearest_takes_the_smallest_in_their_order() -> None:
    far = np.random.default_rng(0).random((4, 30))
    places, values = nearest(far)
    np.testing.assert_array_equal(places, far.argsort(1)[:, :5])
    np.testing.assert_array_equal(values, np.sort(far, 1)[:, :5])
