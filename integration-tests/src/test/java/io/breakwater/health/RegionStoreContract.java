package io.breakwater.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.health.RegionHealth.State;
import io.breakwater.health.RegionStore.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of regions must do. */
abstract class RegionStoreContract {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final AtomicLong REGIONS = new AtomicLong();

    private final String region = "us-test-" + REGIONS.incrementAndGet();

    abstract RegionStore store();

    @Test
    void aRegionThatWasNeverWrittenIsHealthy() {
        assertThat(store().read(region)).isEqualTo(RegionHealth.initial(region));
    }

    @Test
    void aTransitionIsReadAsItWasWritten() {
        RegionHealth unhealthy = transition(1, "ein Grund, über alles");
        RegionHealth healthy = transition(2, "");

        assertThat(store().write(unhealthy)).isEqualTo(new Answer(true, unhealthy));
        assertThat(store().read(region)).isEqualTo(unhealthy);
        assertThat(store().write(healthy)).isEqualTo(new Answer(true, healthy));
        assertThat(store().read(region)).isEqualTo(healthy);
    }

    @Test
    void aTransitionFromAnEpochThatDoesNotStandIsRefusedAndShownWhatDoes() {
        RegionHealth standing = transition(1, "first");
        store().write(standing);

        assertThat(store().write(transition(1, "late"))).isEqualTo(new Answer(false, standing));
        assertThat(store().write(transition(3, "early"))).isEqualTo(new Answer(false, standing));
        assertThat(store().read(region)).isEqualTo(standing);
    }

    @Test
    void aTransitionFromAnEpochThatNeverWasIsRefused() {
        assertThat(store().write(transition(2, "early"))).isEqualTo(new Answer(false, RegionHealth.initial(region)));
    }

    @Test
    void ofManyTransitionsFromOneEpochOneWinsAndTheOthersLearnOfIt() throws Exception {
        List<Callable<Answer>> writes = IntStream.range(0, 30)
                .<Callable<Answer>>mapToObj(number -> () -> store().write(transition(1, "by " + number)))
                .toList();
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(writes)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).filteredOn(Answer::made).hasSize(1);
        assertThat(answers).extracting(Answer::health).containsOnly(store().read(region));
    }

    private RegionHealth transition(long epoch, String reason) {
        State state = epoch % 2 == 1 ? State.UNHEALTHY : State.HEALTHY;
        return new RegionHealth(region, state, START.plusSeconds(epoch), reason, epoch);
    }
}
