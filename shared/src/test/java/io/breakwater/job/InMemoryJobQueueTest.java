package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InMemoryJobQueueTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private final InMemoryJobQueue queue = new InMemoryJobQueue(now::get);

    @Test
    void messagesComeInTheOrderInWhichTheyBecomeVisible() {
        // Given
        queue.send(new JobMessage("later", 0), "tenant", Duration.ofSeconds(2));
        queue.send(new JobMessage("first", 0), "tenant", Duration.ZERO);
        queue.send(new JobMessage("second", 0), "tenant", Duration.ZERO);

        // When, then
        assertThat(queue.waiting())
                .extracting(sent -> sent.message().jobId())
                .containsExactly("first", "second", "later");
        assertThat(queue.receive()).contains(new JobMessage("first", 0));
        assertThat(queue.receive()).contains(new JobMessage("second", 0));
    }

    @Test
    void aDelayedMessageIsNotSeenBeforeItsTime() {
        // Given
        queue.send(new JobMessage("later", 0), "tenant", Duration.ofSeconds(2));

        // When, then
        assertThat(queue.receive()).isEmpty();
        now.updateAndGet(before -> before.plusSeconds(2));
        assertThat(queue.receive()).contains(new JobMessage("later", 0));
        assertThat(queue.receive()).isEmpty();
    }
}
