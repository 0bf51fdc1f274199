package io.breakwater.admission;

import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Says whether a new job is accepted. Goes by what this process has heard within seconds, and accepts where it knows
 * nothing: a promise that cannot be kept well is refused, but nothing is refused by mistake.
 */
public final class AdmissionControl {
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(1);

    private final ChainOutlook chain;
    private final Optional<BacklogWatch> backlog;
    private final InstantSource clock;

    /**
     * Wires the control.
     *
     * @param backlog empty where the backlog's age has no limit
     */
    public AdmissionControl(ChainOutlook chain, Optional<BacklogWatch> backlog, InstantSource clock) {
        this.chain = chain;
        this.backlog = backlog;
        this.clock = clock;
    }

    /** Why the job is not accepted; empty when it is. */
    public Optional<Refusal> refusal(JobRequest request) {
        return noEndpoint(request).or(() -> backlog.flatMap(BacklogWatch::refusal));
    }

    private Optional<Refusal> noEndpoint(JobRequest request) {
        return request.whenUnavailable() == WhenUnavailable.FAIL
                ? chain.unavailableUntil(request).map(until -> new Refusal.NoEndpoint(wait(until)))
                : Optional.empty();
    }

    private Duration wait(Instant until) {
        Duration wait = Duration.between(clock.instant(), until);
        return wait.compareTo(SOONEST_RETRY) > 0 ? wait : SOONEST_RETRY;
    }
}
