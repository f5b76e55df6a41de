"""Prints as JSON what TensorBoard's own package reads of a folder of runs."""
import json
import sys
from types import SimpleNamespace

from tensorboard import context
from tensorboard.backend.event_processing import (
    data_provider,
    event_accumulator,
    plugin_event_multiplexer,
)
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

folder = sys.argv[1]


def read_run(name):
    """Curves, histograms and texts of a run."""
    sizes = {"scalars": 0, "histograms": 0, "tensors": 0}
    events = event_accumulator.EventAccumulator(f"{folder}/{name}", size_guidance=sizes)
    events.Reload()
    tags = events.Tags()
    return {
        "scalars": {
            tag: [[point.step, point.value] for point in events.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "histograms": {
            tag: [
                [point.step, value.num, value.min, value.max, sum(value.bucket)]
                for point in events.Histograms(tag)
                for value in [point.histogram_value]
            ]
            for tag in tags["histograms"]
        },
        "texts": {
            tag: events.Tensors(tag)[0].tensor_proto.string_val[0].decode()
            for tag in tags["tensors"]
        },
    }


def value_of(value):
    """A value of google.protobuf."""
    return getattr(value, value.WhichOneof("kind"))


def read_sessions():
    """The rows of the table of hyperparameters, with their metrics."""
    runs = plugin_event_multiplexer.EventMultiplexer()
    runs.AddRunsFromDirectory(folder)
    runs.Reload()
    provider = data_provider.MultiplexerDataProvider(runs, folder)
    backend = backend_context.Context(SimpleNamespace(data_provider=provider, logdir=folder))
    request = api_pb2.ListSessionGroupsRequest(
        start_index=0,
        slice_size=100,
        allowed_statuses=[api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING],
    )
    handler = list_session_groups.Handler(context.RequestContext(), backend, "", request)
    return {
        session.name: {
            "hparams": {name: value_of(value) for name, value in group.hparams.items()},
            "status": api_pb2.Status.Name(session.status),
            "metrics": {
                "/".join(part for part in [metric.name.group, metric.name.tag] if part): metric.value
                for metric in session.metric_values
            },
        }
        for group in handler.run().session_groups
        for session in group.sessions
    }


runs = {name: read_run(name) for name in sys.argv[2:]}
print(json.dumps({"runs": runs, "sessions": read_sessions()}))
