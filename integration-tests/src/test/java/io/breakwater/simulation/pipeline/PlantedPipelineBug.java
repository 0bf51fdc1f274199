package io.breakwater.simulation.pipeline;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import io.breakwater.model.ModelClient;
import io.breakwater.model.ModelResult;
import io.breakwater.pacing.Pacer;
import io.breakwater.result.ResultStore;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.tenant.SlotStep;
import io.breakwater.tenant.SlotStore;
import io.breakwater.tenant.Slots;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A pipeline with a bug that somebody could make, to see that the simulation finds it. */
@SuppressWarnings("ImmutableEnumChecker") // a wiring keeps nothing
enum PlantedPipelineBug {
    /** A send is not waited for: what it follows is acknowledged before, and a worker that dies then has sent nothing. */
    ACKNOWLEDGED_BEFORE_SENT(new Wiring() {
        @Override
        public JobQueue queue(JobQueue queue, VirtualTime time) {
            return (message, tenant, delay) -> time.after(500, () -> queue.send(message, tenant, delay));
        }
    }),

    /** A job that no endpoint takes is left to its message, which comes again until it has come too often. */
    DEFERRED_BY_REDELIVERY(new Wiring() {
        @Override
        public JobStore jobs(JobStore jobs) {
            return changed(jobs, "defer", _ -> {
                throw new IllegalStateException("not now");
            });
        }
    }),

    /** Whoever has an answer ends the job, whether or not another has claimed it since. */
    ENDED_WITHOUT_THE_CLAIM(new Wiring() {
        @Override
        public JobStore jobs(JobStore jobs) {
            return changed(
                    jobs,
                    "succeed",
                    arguments -> jobs.succeed(
                            (String) arguments[0],
                            jobs.find((String) arguments[0])
                                    .map(job -> String.valueOf(job.claimId()))
                                    .orElseThrow(),
                            (JobStore.Success) arguments[2],
                            (Instant) arguments[3]));
        }
    }),

    /** A claim does not ask whether another's lease still runs. */
    CLAIMED_WITHIN_A_LEASE(new Wiring() {
        @Override
        public JobStore jobs(JobStore jobs) {
            return changed(
                    jobs,
                    "claim",
                    arguments -> jobs.claim(
                            (JobMessage) arguments[0],
                            (String) arguments[1],
                            (Instant) arguments[2],
                            ((Instant) arguments[3]).plus(Duration.ofMinutes(10))));
        }
    }),

    /** A worker goes by what it first heard of a job, when no other had died with it. */
    CRASHES_NOT_HEARD(new Wiring() {
        @Override
        public JobStore jobs(JobStore jobs) {
            Map<String, Job> first = new HashMap<>();
            return changed(jobs, "claim", arguments -> switch (jobs.claim(
                    (JobMessage) arguments[0], (String) arguments[1], (Instant) arguments[2], (Instant) arguments[3])) {
                case JobStore.Claim.Claimed(Job job, JobRequest request) ->
                    new JobStore.Claim.Claimed(first.computeIfAbsent(job.id(), _ -> job), request);
                case JobStore.Claim.Refused refused -> refused;
            });
        }
    }),

    /** The status says SUCCEEDED before the result is there. */
    STORED_AFTER_THE_STATUS(new Wiring() {
        @Override
        public ResultStore results(ResultStore results, VirtualTime time) {
            return new ResultStore() {
                @Override
                public void put(String key, String text) {
                    time.after(500, () -> results.put(key, text));
                }

                @Override
                public String get(String key) {
                    return results.get(key);
                }

                @Override
                public URI presign(String key, Duration validity) {
                    return results.presign(key, validity);
                }
            };
        }
    }),

    /** The sweeper sends without having noted that it does, and so the next run sends again. */
    RESENT_WITHOUT_A_NOTE(new Wiring() {
        @Override
        public JobStore sweptJobs(JobStore jobs) {
            return changed(jobs, "resend", _ -> true);
        }
    }),

    /** The sweeper forgets a job whose time has not come: it is not due again. */
    NOT_LOOKED_AT_AGAIN(new Wiring() {
        @Override
        public JobStore jobs(JobStore jobs) {
            return changed(jobs, "lookAgain", arguments -> {
                jobs.lookAgain((Job) arguments[0], ((Instant) arguments[1]).plus(Duration.ofDays(1)));
                return null;
            });
        }
    }),

    /** A submission is answered before its job is stored. */
    ANSWERED_BEFORE_STORED(new Wiring() {
        @Override
        public JobStore submittedJobs(JobStore jobs, VirtualTime time) {
            return changed(jobs, "create", arguments -> {
                time.after(500, () -> jobs.create((Job) arguments[0], (JobRequest) arguments[1]));
                return new JobStore.Creation.Created();
            });
        }
    }),

    /** The Idempotency-Key gets lost on the way: each repeat is a job of its own. */
    KEY_IGNORED(new Wiring() {
        @Override
        public boolean keepsKeys() {
            return false;
        }
    }),

    /** Who repeats a submission while nothing is taken in is refused, though the job was taken in before. */
    REPEAT_REFUSED(new Wiring() {
        @Override
        public JobStore submittedJobs(JobStore jobs, VirtualTime time) {
            return changed(jobs, "find", _ -> Optional.empty());
        }
    }),

    /** A slot is not given back: it is free when its lease ends. */
    SLOT_KEPT(new Wiring() {
        @Override
        public SlotKeeper slotKeeper(SlotKeeper keeper) {
            return new SlotKeeper() {
                @Override
                public Optional<Instant> take(String tenant, String claimId, Instant leaseUntil, boolean hasWaited) {
                    return keeper.take(tenant, claimId, leaseUntil, hasWaited);
                }

                @Override
                public void give(String tenant, String claimId) {}
            };
        }
    }),

    /** A slot has no end of its own: when its worker dies it is lost. */
    SLOT_WITHOUT_A_LEASE(new Wiring() {
        @Override
        public SlotStore slots(SlotStore slots) {
            return (tenant, step) -> slots.apply(
                    tenant,
                    step instanceof SlotStep.Take take
                            ? new SlotStep.Take(
                                    take.claimId(),
                                    take.leaseUntil().plus(Duration.ofDays(365)),
                                    take.expired(),
                                    take.maximum(),
                                    take.maximumWithLine(),
                                    take.now())
                            : step);
        }
    }),

    /** Whether there is a slot is decided by what was heard last, and two that heard the same both take it. */
    SLOT_TAKEN_BY_HEARSAY(new Wiring() {
        @Override
        public SlotStore slots(SlotStore slots) {
            Map<String, Slots> heard = new HashMap<>();
            return (tenant, step) -> {
                boolean seemsFree = step instanceof SlotStep.Take
                        && heard.containsKey(tenant)
                        && step.applyTo(heard.get(tenant)).isPresent();
                SlotStore.Answer answer = slots.apply(tenant, seemsFree ? unconditional((SlotStep.Take) step) : step);
                if (!seemsFree) {
                    heard.put(tenant, answer.slots());
                }
                return answer;
            };
        }

        private static SlotStep unconditional(SlotStep.Take take) {
            return new SlotStep.Take(take.claimId(), take.leaseUntil(), take.expired(), 1_000, 1_000, take.now());
        }
    }),

    /** That there is no slot is not heard. */
    REFUSED_SLOT_USED(new Wiring() {
        @Override
        public SlotStore slots(SlotStore slots) {
            return (tenant, step) ->
                    new SlotStore.Answer(true, slots.apply(tenant, step).slots());
        }
    }),

    /** Nobody keeps to a pace: all that waited comes back at once. */
    PACE_IGNORED(Scenario.BACKLOG, new Wiring() {
        @Override
        public Pacer pacer(Pacer pacer) {
            return Pacer.NONE;
        }
    }),

    /** Nobody counts calls: no breaker opens, and no further call is charged to the retry budget. */
    CALLS_NOT_COUNTED(Scenario.TOTAL_FAILURE, new Wiring() {
        @Override
        public BreakerSettings breakerSettings() {
            BreakerSettings shipped = BreakerSettings.DEFAULTS;
            return new BreakerSettings(
                    shipped.failureRateThreshold(),
                    shipped.window(),
                    shipped.minimumCalls(),
                    shipped.consecutiveFailures(),
                    shipped.cooldown(),
                    shipped.maximumCooldown(),
                    shipped.halfOpenStages(),
                    shipped.rateConfidence(),
                    shipped.slowCall(),
                    BreakerSettings.Mode.OFF);
        }
    }),

    /** The client retries by itself, as the SDK does when it is not told otherwise: failing calls are three. */
    RETRIED_BY_THE_CLIENT(new Wiring() {
        @Override
        public ModelClient models(ModelClient models) {
            return (endpoint, request, timeout) -> {
                ModelResult result = models.call(endpoint, request, timeout);
                for (int retries = 2; retries > 0 && result instanceof ModelResult.Failure; retries--) {
                    result = models.call(endpoint, request, timeout);
                }
                return result;
            };
        }
    });

    private final Scenario scenario;
    private final Wiring wiring;

    PlantedPipelineBug(Wiring wiring) {
        this(Scenario.MANY_FAULTS, wiring);
    }

    PlantedPipelineBug(Scenario scenario, Wiring wiring) {
        this.scenario = scenario;
        this.wiring = wiring;
    }

    /** The scenario in which it shows. */
    Scenario scenario() {
        return scenario;
    }

    Wiring wiring() {
        return wiring;
    }

    private interface Change {
        @Nullable
        Object of(Object[] arguments);
    }

    /** The store, with one of its requests made otherwise. */
    private static JobStore changed(JobStore jobs, String request, Change change) {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals(request)) {
                        return change.of(arguments);
                    }
                    try {
                        return method.invoke(jobs, arguments);
                    } catch (InvocationTargetException e) {
                        throw Optional.ofNullable(e.getCause()).orElse(e);
                    }
                });
    }
}
