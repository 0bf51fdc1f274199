package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;
import java.util.List;

/** Who is compared. */
enum Contestant implements Client.Maker {
    BREAKWATER("Breakwater"),
    QUOTA_CONFIGURED("Breakwater, quota configured"),
    BREAKER_ALONE("Breakwater's breaker alone"),
    BACKOFF("backoff with jitter"),
    NAIVE("naive retry");

    static final List<Contestant> ALL = List.of(values());

    private final String title;

    Contestant(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    @Override
    public Client make(VirtualTime time, Metered endpoint, Situation situation) {
        return switch (this) {
            case BREAKWATER -> new BreakwaterClient(time, endpoint, situation, BreakwaterClient.Pacing.LEARNT);
            case QUOTA_CONFIGURED ->
                new BreakwaterClient(time, endpoint, situation, BreakwaterClient.Pacing.CONFIGURED);
            case BREAKER_ALONE -> new BreakwaterClient(time, endpoint, situation, BreakwaterClient.Pacing.NONE);
            case BACKOFF -> new Backoff(time, endpoint, situation.seed());
            case NAIVE -> new NaiveRetry(time, endpoint);
        };
    }
}
