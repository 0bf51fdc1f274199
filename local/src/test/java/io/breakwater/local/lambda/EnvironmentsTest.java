package io.breakwater.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EnvironmentsTest {
    private final List<Environment> started = new CopyOnWriteArrayList<>();

    @Test
    void anIdleEnvironmentIsUsedAgain() {
        try (var environments = environments(2, Environments.IDLE_LIMIT, event -> event)) {
            environments.handleRequest("a", invocation());
            environments.handleRequest("b", invocation());
        }

        assertThat(started).extracting(environment -> environment.events).containsExactly(List.of("a", "b"));
        assertThat(started).allMatch(environment -> environment.closed);
    }

    @Test
    void atMostSoManyAreAtWorkAndTheNextCallWaits() {
        CountDownLatch go = new CountDownLatch(1);
        try (var environments = environments(2, Environments.IDLE_LIMIT, event -> {
            awaitOpen(go);
            return event;
        })) {
            List<CompletableFuture<String>> calls = List.of("a", "b", "c").stream()
                    .map(event -> CompletableFuture.supplyAsync(
                            () -> environments.handleRequest(event, invocation()), Thread::startVirtualThread))
                    .toList();
            await().until(() -> started.stream()
                            .mapToInt(environment -> environment.events.size())
                            .sum()
                    == 2);

            go.countDown();

            assertThat(calls.stream().map(CompletableFuture::join)).containsExactly("a", "b", "c");
        }
        assertThat(started).hasSize(2);
    }

    @Test
    void oneThatIsLostIsReplaced() {
        try (var environments = environments(1, Environments.IDLE_LIMIT, event -> {
            if (event.equals("die")) {
                throw new EnvironmentLostException("Runtime.ExitError: the runtime exited with signal 9");
            }
            return event;
        })) {
            assertThatThrownBy(() -> environments.handleRequest("die", invocation()))
                    .isInstanceOfSatisfying(
                            InvocationFailedException.class,
                            e -> assertThat(e.killed()).isTrue())
                    .hasMessageContaining("signal 9");
            environments.handleRequest("live", invocation());
        }

        assertThat(started).hasSize(2);
    }

    @Test
    void oneWhoseFunctionThrewIsKept() {
        try (var environments = environments(1, Environments.IDLE_LIMIT, event -> {
            throw new IllegalStateException("no");
        })) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> environments.handleRequest("a", invocation()))
                        .isInstanceOfSatisfying(
                                InvocationFailedException.class,
                                e -> assertThat(e.killed()).isFalse());
            }
        }

        assertThat(started).hasSize(1);
    }

    @Test
    void oneThatIsIdleForLongEnds() {
        try (var environments = environments(1, Duration.ofMillis(10), event -> event)) {
            environments.handleRequest("a", invocation());

            await().until(() -> started.getFirst().closed);
            environments.handleRequest("b", invocation());
        }

        assertThat(started).hasSize(2);
    }

    private Environments<String, String> environments(int maximum, Duration idleLimit, UnaryOperator<String> function) {
        return new Environments<>(
                () -> {
                    Environment environment = new Environment(function);
                    started.add(environment);
                    return environment;
                },
                maximum,
                idleLimit,
                Clock.systemUTC());
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Invocation invocation() {
        return new Invocation("function", "request", Instant.now().plusSeconds(30), Clock.systemUTC());
    }

    private static final class Environment implements RequestHandler<String, String>, AutoCloseable {
        private final UnaryOperator<String> function;
        private final List<String> events = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        private Environment(UnaryOperator<String> function) {
            this.function = function;
        }

        @Override
        public String handleRequest(String event, Context context) {
            events.add(event);
            return function.apply(event);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
