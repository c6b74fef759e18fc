"""Exchanges, queues and bindings as the broker holds them, and a plain nameko listener."""

from deploy.local.processes import wait_until
from huiyin.chassis.pipeline import Pipeline
from huiyin.chassis.topology import dead_of, declare_inbox, inbox_of
from huiyin.contracts.hearers import ROUTES
from huiyin.contracts.services import SERVICES
from tests.chassis.running import SOON, Bus, Processes
from tests.chassis.toy import Toy, add_reply, open_tally, relay_of


def test_all_queues_are_durable_quorum_queues_that_lose_nothing(bus: Bus) -> None:
    for service in SERVICES:
        declare_inbox(bus, service)
    queues = {queue["name"]: queue for queue in bus.look("queues/{vhost}")}
    assert set(queues) == {name for s in SERVICES for name in (inbox_of(s), dead_of(s))}
    for queue in queues.values():
        assert queue["durable"]
        assert not queue["auto_delete"]
        assert queue["arguments"]["x-queue-type"] == "quorum"
        assert queue["arguments"]["x-overflow"] == "reject-publish"
        assert "x-message-ttl" not in queue["arguments"]
    for service in SERVICES:
        arguments = queues[inbox_of(service)]["arguments"]
        assert arguments["x-delivery-limit"] == 20
        assert arguments["x-dead-letter-strategy"] == "at-least-once"
        assert arguments["x-dead-letter-exchange"] == ""
        assert arguments["x-dead-letter-routing-key"] == dead_of(service)


def test_exchanges_follow_namekos_convention_and_bindings_the_table_of_contracts(bus: Bus) -> None:
    for service in SERVICES:
        bus.declare(service)
    exchanges = {x["name"]: x for x in bus.look("exchanges/{vhost}") if x["name"].endswith(".events")}
    assert set(exchanges) == {f"{service}.events" for service in SERVICES}
    assert all(x["type"] == "topic" and x["durable"] and not x["auto_delete"] for x in exchanges.values())
    bound = {
        (b["source"], b["routing_key"], b["destination"]) for b in bus.look("bindings/{vhost}") if b["source"]
    }
    wanted = {
        (f"{sayer}.events", route.event.type, inbox_of(hearer))
        for route in ROUTES.values()
        for sayer in route.sayers
        for hearer in (*route.hearers, *route.followers)
    }
    assert bound == wanted | {("dispatch.events", "relay.tide", inbox_of("supervision"))}


def test_declaring_again_changes_nothing_and_binds_by_whoever_comes_first(bus: Bus) -> None:
    bus.declare("dispatch")
    first = bus.look("bindings/{vhost}")
    bus.declare("dispatch")
    declare_inbox(bus, "supervision")
    again = bus.look("bindings/{vhost}")
    assert all(binding in again for binding in first)


def test_a_plain_nameko_service_can_listen_too(
    house: Toy, pipeline: Pipeline, bus: Bus, processes: Processes
) -> None:
    listener = processes.start("tests.chassis.plain_nameko")
    name = "evt-dispatch-reply.submitted--plain.heard"
    wait_until(lambda: name in {q["name"] for q in bus.look("queues/{vhost}")}, SOON, "it listens")
    wait_until(
        lambda: name in {b["destination"] for b in bus.look("bindings/{vhost}") if b["source"]},
        SOON,
        "its queue is bound",
    )
    open_tally(house.documents, "A")
    add_reply(house.documents, "A", 1)
    relay_of(house.documents, pipeline).sweep()
    wait_until(lambda: "heard" in listener.said(), SOON, "it has heard the event")
    assert "heard 1.0 reply.submitted of A by dispatch, sequence 2: reply 1" in listener.said()
