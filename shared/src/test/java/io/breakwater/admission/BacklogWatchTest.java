package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BacklogWatchTest {
    private final TestClock clock = new TestClock();
    private final CountingStore store = new CountingStore();
    private final BacklogWatch watch = new BacklogWatch(new BacklogLimit(Duration.ofSeconds(60)), store, clock);

    @Test
    void refusesNothingWhileNothingIsReported() {
        assertThat(watch.refusal()).isEmpty();
    }

    @Test
    void readsOnceInItsFreshnessHoweverManyAsk() throws Exception {
        List<Callable<Boolean>> asking = IntStream.range(0, 50)
                .<Callable<Boolean>>mapToObj(_ -> () -> watch.refusal().isPresent())
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(asking);
        }
        assertThat(store.reads).isEqualTo(1);

        clock.advance(BacklogWatch.FRESHNESS);
        watch.refusal();
        assertThat(store.reads).isEqualTo(2);
    }

    @Test
    void hearsOfABacklogAndOfItsEndWithinItsFreshness() {
        watch.refusal();
        report(61);
        clock.advance(BacklogWatch.FRESHNESS);
        assertThat(watch.refusal()).isPresent();

        report(3);
        clock.advance(BacklogWatch.FRESHNESS);
        assertThat(watch.refusal()).isEmpty();
    }

    @Test
    void aReportThatIsNotRenewedRefusesNothingAfterItsTime() {
        report(61);
        assertThat(watch.refusal()).isPresent();

        clock.advance(Duration.ofSeconds(15));

        assertThat(watch.refusal()).isEmpty();
    }

    @Test
    void aStoreThatIsAwayRefusesNothingAndIsAskedOnceInAFreshness() {
        report(61);
        store.down = true;

        assertThat(watch.refusal()).isEmpty();
        assertThat(watch.refusal()).isEmpty();
        assertThat(store.reads).isEqualTo(1);

        store.down = false;
        clock.advance(BacklogWatch.FRESHNESS);
        assertThat(watch.refusal()).isPresent();
    }

    private void report(long waited) {
        store.write(
                new BacklogReport(Duration.ofSeconds(waited), clock.instant().plusSeconds(15)));
    }
}
