package io.breakwater.local.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScheduleTest {
    private final List<ScheduledEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    @Test
    void theFunctionIsStartedAgainAndAgainThoughItFails() {
        try (Schedule _ = start()) {
            await().until(() -> events.size() >= 3);
        }

        assertThat(events.getFirst().getDetailType()).isEqualTo("Scheduled Event");
        assertThat(events.getFirst().getTime().getMillis()).isEqualTo(0);
        assertThat(closed).isTrue();
        int runs = events.size();
        await().during(Duration.ofMillis(50)).until(() -> events.size() == runs);
    }

    private Schedule start() {
        return Schedule.start(
                "function",
                Duration.ofMillis(5),
                Duration.ofSeconds(1),
                new FailingFunction(),
                () -> Instant.EPOCH,
                () -> "id");
    }

    private final class FailingFunction implements RequestHandler<ScheduledEvent, @Nullable Void>, AutoCloseable {
        @Override
        public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
            assertThat(context.getRemainingTimeInMillis()).isEqualTo(1_000);
            events.add(event);
            throw new IllegalStateException("it failed");
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
