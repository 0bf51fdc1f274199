package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.pacing.PaceState.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of paces must do. */
abstract class PaceStoreContract {
    private static final Instant NOW = Instant.parse("2126-03-01T10:00:00.123Z");
    private static final long BUCKET = PaceState.bucket(NOW);
    private static final Pace PACE = new Pace(571.25, NOW, NOW.minusMillis(1), 1);

    private final String endpoint = "us-east-1/" + UUID.randomUUID();

    abstract PaceStore store();

    @Test
    void reportsAddUpByBucket() {
        report(Map.of(BUCKET, new Told(10, 2, 1), BUCKET - 1, new Told(5, 0, 0)));

        PaceState state = report(Map.of(BUCKET, new Told(1, 0, 3)));

        assertThat(state.buckets())
                .containsExactlyInAnyOrderEntriesOf(Map.of(BUCKET, new Told(11, 2, 4), BUCKET - 1, new Told(5, 0, 0)));
        assertThat(state.epoch()).isZero();
        assertThat(state.paces()).isEmpty();
    }

    @Test
    void expiredBucketsAreDropped() {
        report(Map.of(BUCKET, new Told(1, 1, 1), BUCKET - 50, new Told(9, 9, 9)));

        PaceState state = store().report(endpoint, Map.of(BUCKET, new Told(1, 0, 0)), List.of(BUCKET - 50), NOW);

        assertThat(state.buckets()).containsOnlyKeys(BUCKET);
    }

    @Test
    void aPaceIsReadAsItWasSetAndKeepsWhatWasTold() {
        report(Map.of(BUCKET, new Told(1, 2, 3)));

        PaceState set = store().move(endpoint, 0, Measure.REQUESTS, PACE);
        PaceState both = store().move(endpoint, 1, Measure.TOKENS, new Pace(1e6, NOW, NOW, 2));

        assertThat(set.pace(Measure.REQUESTS)).contains(PACE);
        assertThat(both.pace(Measure.REQUESTS)).contains(PACE);
        assertThat(both.pace(Measure.TOKENS)).contains(new Pace(1e6, NOW, NOW, 2));
        assertThat(both.epoch()).isEqualTo(2);
        assertThat(both.buckets()).containsEntry(BUCKET, new Told(1, 2, 3));
    }

    @Test
    void whoIsLateChangesNothingAndHearsOfTheWinner() {
        store().move(endpoint, 0, Measure.REQUESTS, PACE);

        PaceState found = store().move(endpoint, 0, Measure.REQUESTS, new Pace(1, NOW, NOW, 1));

        assertThat(found.epoch()).isEqualTo(1);
        assertThat(found.pace(Measure.REQUESTS)).contains(PACE);
    }

    @Test
    void ofManyAtOnceOneSetsThePace() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<PaceState>> moves = IntStream.rangeClosed(1, 16)
                    .<Callable<PaceState>>mapToObj(
                            number -> () -> store().move(endpoint, 0, Measure.REQUESTS, new Pace(number, NOW, NOW, 1)))
                    .toList();

            assertThat(threads.invokeAll(moves))
                    .extracting(move -> move.get().pace(Measure.REQUESTS))
                    .containsOnly(report(Map.of(BUCKET, new Told(1, 0, 0))).pace(Measure.REQUESTS));
        }
    }

    @Test
    void whatStandsIsReadAndReadingChangesNothing() {
        assertThat(store().read(endpoint, NOW)).isEqualTo(PaceState.INITIAL);
        report(Map.of(BUCKET, new Told(1, 2, 3)));
        PaceState set = store().move(endpoint, 0, Measure.TOKENS, PACE);

        assertThat(store().read(endpoint, NOW)).isEqualTo(set);
        assertThat(store().read(endpoint, NOW)).isEqualTo(set);
    }

    @Test
    void nothingStandsAnHourAfterTheLastReport() {
        report(Map.of(BUCKET, new Told(1, 0, 0)));
        store().move(endpoint, 0, Measure.REQUESTS, PACE);
        Instant expiry = NOW.plusSeconds(PaceStore.KEPT_SECONDS);

        assertThat(store().read(endpoint, expiry.minusSeconds(1)).paces()).isNotEmpty();
        assertThat(store().read(endpoint, expiry)).isEqualTo(PaceState.INITIAL);
    }

    private PaceState report(Map<Long, Told> told) {
        return store().report(endpoint, told, List.of(), NOW);
    }
}
