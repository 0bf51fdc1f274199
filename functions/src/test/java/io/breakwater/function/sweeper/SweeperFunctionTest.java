package io.breakwater.function.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import io.breakwater.function.RecoveryMetrics;
import io.breakwater.function.request.FakeContext;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.sweep.SweepLimits;
import io.breakwater.sweep.Sweeper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SweeperFunctionTest {
    private static final Path EVENT = Path.of("..", "events", "sweeper-schedule.json");

    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final SweeperFunction function = new SweeperFunction(
            new Sweeper(jobs, queue, SweepLimits.DEFAULTS, () -> now, new Random(1)),
            RecoveryMetrics.silent(),
            () -> now,
            () -> closed.set(true));

    @Test
    void theScheduledEventSendsALostMessageAgain() {
        submit("lost");
        now = now.plus(Duration.ofMinutes(15));

        function.handleRequest(event(), new FakeContext("invocation-1"));

        assertThat(queue.waiting()).extracting(Sent::message).containsExactly(new JobMessage("lost", 0));
    }

    @Test
    void closesItsServicesWithItself() {
        function.close();

        assertThat(closed).isTrue();
    }

    private static ScheduledEvent event() {
        return EventLoader.loadScheduledEvent(EVENT.toString());
    }

    private void submit(String id) {
        JobRequest request =
                new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 21_600, Map.of());
        jobs.create(Job.queued(id, "tenant", request, now), request);
    }
}
