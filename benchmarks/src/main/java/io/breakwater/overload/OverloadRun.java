package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;
import java.util.SplittableRandom;

/** One client in one situation. */
final class OverloadRun {
    private final VirtualTime time = new VirtualTime();
    private final Situation situation;
    private final SplittableRandom arrivals;
    private final Metered endpoint;
    private final Client client;
    private int offered;

    /**
     * What came of it.
     *
     * @param goodput calls taken, as a share of those that whoever knows the quota gets through
     * @param throttled throttled calls as a share of all
     * @param callsPerJob calls, taken and throttled, for each one taken
     * @param openings how often the breaker opened, out of a recovery too
     * @param storeRequestsPerMinute the whole fleet's
     */
    record Figures(
            double goodput, double throttled, double callsPerJob, double openings, double storeRequestsPerMinute) {}

    private OverloadRun(Client.Maker maker, Situation situation) {
        this.situation = situation;
        // Of another seed than the client's, and the same for all clients.
        this.arrivals = new SplittableRandom(-situation.seed());
        this.endpoint = new Metered(time, situation.model().of(situation.perMinute()));
        this.client = maker.make(time, endpoint, situation);
    }

    static Figures of(Client.Maker maker, Situation situation) {
        return new OverloadRun(maker, situation).run();
    }

    private Figures run() {
        time.after(0, this::arrive);
        time.runUntil(situation.length());
        int calls = endpoint.taken() + endpoint.throttled();
        return new Figures(
                endpoint.taken() / Math.min(offered, endpoint.mostTaken()),
                (double) endpoint.throttled() / calls,
                (double) calls / endpoint.taken(),
                client.openings(),
                client.storeRequests() / (situation.length().toSeconds() / 60.0));
    }

    /** Independent arrivals. */
    private void arrive() {
        offered++;
        client.serve();
        double perMillisecond = situation.load() * situation.perMinute() / 60_000;
        time.after(Math.round(-Math.log(1 - arrivals.nextDouble()) / perMillisecond), this::arrive);
    }
}
