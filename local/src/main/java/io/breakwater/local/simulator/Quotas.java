package io.breakwater.local.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The quotas in force and what each target has used of them in this minute and this day. As on Bedrock, a call holds its
 * input and its whole {@code maxTokens} while it runs, and only what it used afterwards.
 */
final class Quotas {
    private static final ErrorAnswer REQUESTS_USED_UP = answer(FaultKind.THROTTLE);
    private static final ErrorAnswer TOKENS_USED_UP = new ErrorAnswer(
            REQUESTS_USED_UP.status(), REQUESTS_USED_UP.type(), "Too many tokens, please wait before trying again.");
    private static final ErrorAnswer DAY_USED_UP = answer(FaultKind.DAILY_QUOTA);

    private final Map<String, String> aliasByModel;
    private final InstantSource clock;
    private final AtomicReference<List<Quota>> quotas = new AtomicReference<>(List.of());
    private final Map<Target, Use> uses = new ConcurrentHashMap<>();

    Quotas(List<Quota> quotas, Map<String, String> aliasByModel, InstantSource clock) {
        this.aliasByModel = aliasByModel;
        this.clock = clock;
        quotas.forEach(this::set);
    }

    /** A call's hold on its quotas. */
    sealed interface Reservation {
        /** The call may run; what it did not use is given back by {@link #settle}. */
        record Granted(Use use, long minute, long day, long tokens) implements Reservation {
            void settle(long tokensUsed) {
                use.add(minute, day, tokensUsed - tokens);
            }
        }

        /** The call may not run. */
        record Refused(FaultKind kind, ErrorAnswer answer) implements Reservation {}
    }

    /** Adds a quota as the last, in place of one of the same scope; the last for a target counts. */
    void set(Quota quota) {
        quotas.updateAndGet(before -> Stream.concat(
                        before.stream().filter(other -> !other.scope().equals(quota.scope())), Stream.of(quota))
                .filter(one -> !one.isUnlimited())
                .toList());
    }

    List<Quota> active() {
        return quotas.get();
    }

    Reservation reserve(Target target, long tokens) {
        long seconds = clock.instant().getEpochSecond();
        return uses.computeIfAbsent(target, _ -> new Use())
                .reserve(
                        quota(target),
                        seconds / Duration.ofMinutes(1).toSeconds(),
                        seconds / Duration.ofDays(1).toSeconds(),
                        tokens);
    }

    private Optional<Quota> quota(Target target) {
        return active().reversed().stream()
                .filter(quota -> quota.scope().covers(target, aliasByModel))
                .findFirst();
    }

    private static ErrorAnswer answer(FaultKind kind) {
        return kind.answer().orElseThrow();
    }

    /** What a target has used in the minute and the day of its last call. */
    private static final class Use {
        private long minute;
        private long day;
        private long requestsThisMinute;
        private long tokensThisMinute;
        private long tokensToday;

        synchronized Reservation reserve(Optional<Quota> quota, long currentMinute, long currentDay, long tokens) {
            turnTo(currentMinute, currentDay);
            if (quota.isPresent()) {
                if (exceeds(tokensToday + tokens, quota.get().tokensPerDay())) {
                    return new Reservation.Refused(FaultKind.DAILY_QUOTA, DAY_USED_UP);
                }
                if (exceeds(tokensThisMinute + tokens, quota.get().tokensPerMinute())) {
                    return new Reservation.Refused(FaultKind.THROTTLE, TOKENS_USED_UP);
                }
                if (exceeds(requestsThisMinute + 1, quota.get().requestsPerMinute())) {
                    return new Reservation.Refused(FaultKind.THROTTLE, REQUESTS_USED_UP);
                }
            }
            requestsThisMinute++;
            add(minute, day, tokens);
            return new Reservation.Granted(this, minute, day, tokens);
        }

        synchronized void add(long inMinute, long onDay, long tokens) {
            tokensThisMinute += inMinute == minute ? tokens : 0;
            tokensToday += onDay == day ? tokens : 0;
        }

        private void turnTo(long currentMinute, long currentDay) {
            if (currentMinute != minute) {
                minute = currentMinute;
                requestsThisMinute = 0;
                tokensThisMinute = 0;
            }
            if (currentDay != day) {
                day = currentDay;
                tokensToday = 0;
            }
        }

        private static boolean exceeds(long used, @Nullable Long limit) {
            return limit != null && used > limit;
        }
    }
}
