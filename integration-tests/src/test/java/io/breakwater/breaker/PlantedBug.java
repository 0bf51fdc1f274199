package io.breakwater.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSimulation.Variant;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A fleet with a bug that somebody could make, to see that the simulation finds it. */
enum PlantedBug {
    /** Counts are added whatever the epoch. */
    COUNT_WITHOUT_FENCE {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(onUpdates("SET epoch", request -> request.conditionExpression(null)));
        }
    },

    /** A transition is written whatever the epoch. */
    MOVE_WITHOUT_FENCE {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(unfenced(id -> !id.startsWith(REGION)));
        }
    },

    /** A probe is granted without a look at who is in its place. */
    PROBE_NOT_ATOMIC {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(onUpdates("slot", request -> {
                Map<String, AttributeValue> values =
                        new HashMap<>(request.build().expressionAttributeValues());
                return values.remove(":now") == null
                        ? request
                        : request.conditionExpression("epoch = :epoch").expressionAttributeValues(values);
            }));
        }
    },

    /** A slot's lease ends before its probe does. */
    LEASE_SHORTER_THAN_THE_CALL {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(onUpdates("slot", request -> {
                Map<String, AttributeValue> values =
                        new HashMap<>(request.build().expressionAttributeValues());
                values.computeIfPresent(
                        ":until",
                        (_, until) -> AttributeValue.fromN(Long.toString(Long.parseLong(until.n()) - 14_000)));
                return request.expressionAttributeValues(values);
            }));
        }
    },

    /** The client repeats a count whose answer got lost. */
    COUNT_RETRIED {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(new SimulatedStore.Mutation() {
                @Override
                public boolean retries() {
                    return true;
                }
            });
        }
    },

    /** Buckets of long ago stay in the item. */
    REMOVAL_LOST {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(onUpdates(
                    "SET epoch",
                    request -> request.updateExpression(
                            request.build().updateExpression().replaceFirst(" REMOVE .*", ""))));
        }
    },

    /** More calls come back after an outage than the ramp lets through. */
    RAMP_NOT_ATOMIC {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(onUpdates("ADD rampReserved", request -> {
                Map<String, AttributeValue> values =
                        new HashMap<>(request.build().expressionAttributeValues());
                values.remove(":most");
                return request.conditionExpression("epoch = :epoch").expressionAttributeValues(values);
            }));
        }
    },

    /** The rate is judged before all workers have told of the calls that they started: quick failures come first. */
    BIASED_TO_QUICK_FAILURES {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(new BreakerProtocol(BreakerSimulation.settings()) {
                @Override
                public Decision decide(BreakerState state, BreakerEvent event, Instant now) {
                    return super.decide(state, event, event instanceof BreakerEvent.Examined ? early(now) : now);
                }

                @Override
                boolean wouldTrip(BreakerState.Closed closed, Tally untold, Instant now) {
                    return super.wouldTrip(closed, untold, early(now));
                }

                private Instant early(Instant now) {
                    return now.plus(TripRule.TELLING_TIME).plusSeconds(3);
                }
            });
        }
    },

    /** What is open is not looked at again, and so an override is not heard. */
    OVERRIDE_UNHEARD {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(timing(Duration.ofSeconds(5), Duration.ofHours(1)));
        }
    },

    /** Calls go on long after the fleet has opened the breaker. */
    OPENING_UNHEARD {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(timing(Duration.ofSeconds(60), Duration.ofSeconds(30)));
        }
    },

    /** One good probe closes it. */
    STAGES_SKIPPED {
        @Override
        Variant variant() {
            BreakerSettings d = BreakerSimulation.settings();
            return Variant.SHIPPED.with(new BreakerProtocol(new BreakerSettings(
                    d.failureRateThreshold(),
                    d.window(),
                    d.minimumCalls(),
                    d.consecutiveFailures(),
                    d.cooldown(),
                    d.maximumCooldown(),
                    List.of(1),
                    0,
                    Optional.empty(),
                    d.mode())));
        }
    },

    /** A region is judged by what its judge last heard: of two whose endpoints open together, neither sees both. */
    REGION_WRITE_SKEW {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(() -> new Judging() {
                @Override
                public BreakerStore breakers(BreakerStore store) {
                    return new RememberingStore(store);
                }

                @Override
                public BreakerStore judged(BreakerStore breakers) {
                    return ((RememberingStore) breakers).fromMemory();
                }
            });
        }
    },

    /** A region's record is written whatever the epoch. */
    REGION_WITHOUT_FENCE {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(unfenced(id -> id.startsWith(REGION)));
        }
    },

    /** Only who opened an endpoint judges its region: what it leaves undone stays so. */
    REGION_LEFT_TO_WHO_OPENED {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(() -> new Judging() {
                @Override
                public boolean hears(Notice notice) {
                    return !(notice instanceof Notice.StillOpen);
                }
            });
        }
    },

    /** The registry knows one endpoint of each region, and takes its failures for the region's. */
    REGION_OF_ONE_ENDPOINT {
        @Override
        Variant variant() {
            return Variant.SHIPPED.with(() -> new Judging() {
                @Override
                public List<Endpoint> endpoints(List<Endpoint> chain) {
                    return chain.stream()
                            .filter(endpoint -> endpoint.alias().equals("a"))
                            .toList();
                }
            });
        }
    };

    private static final String REGION = "region/";

    abstract Variant variant();

    private static FleetBreaker.Timing timing(Duration closed, Duration open) {
        FleetBreaker.Timing d = FleetBreaker.Timing.DEFAULTS;
        return new FleetBreaker.Timing(closed, open, d.halfOpenFreshness(), d.flushInterval(), d.leaseMargin());
    }

    /** Writes whole items whatever stands. */
    private static SimulatedStore.Mutation unfenced(Predicate<String> id) {
        return new SimulatedStore.Mutation() {
            @Override
            public PutItemRequest put(PutItemRequest request) {
                return id.test(requireNonNull(request.item().get("id")).s())
                        ? request.toBuilder()
                                .conditionExpression(null)
                                .expressionAttributeValues(null)
                                .build()
                        : request;
            }
        };
    }

    private interface Change {
        UpdateItemRequest.Builder of(UpdateItemRequest.Builder request);
    }

    /** Changes the updates whose expression has this in it. */
    private static SimulatedStore.Mutation onUpdates(String part, Change change) {
        return new SimulatedStore.Mutation() {
            @Override
            public UpdateItemRequest update(UpdateItemRequest request) {
                return request.updateExpression().contains(part)
                        ? change.of(request.toBuilder()).build()
                        : request;
            }
        };
    }
}
