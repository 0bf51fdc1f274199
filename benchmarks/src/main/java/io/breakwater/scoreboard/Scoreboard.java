package io.breakwater.scoreboard;

import java.io.IOException;
import java.nio.file.Path;

/** Runs every experiment and writes the page: {@code mvn -Pscoreboard}. */
final class Scoreboard {
    private Scoreboard() {}

    /**
     * Writes the page and its plots.
     *
     * @param arguments the folder to write to
     */
    static void main(String[] arguments) throws IOException {
        try (Lanes lanes = new Lanes()) {
            page(lanes).writeTo(Path.of(arguments[0]));
        }
    }

    /** All of it. The longest runs are begun first, so that no core waits for one at the end. */
    private static Page page(Lanes lanes) {
        var falseTrips = new FalseTrips(lanes);
        var onset = new Onset(lanes);
        var matrix = new Matrix(lanes);
        var peers = new PeerFigures(lanes);
        var openings = new Openings(lanes);
        var overshoot = new Overshoot(lanes);
        var cost = new StoreCost(lanes);
        var scenarios = new Scenarios(lanes);
        var regionLoss = new RegionLoss(lanes);

        Page page = new Page();
        page.paragraph("""
            # The breaker's scoreboard

            Fleets of breakers beside each other, in virtual time, by seed. Written, byte for byte, by

                mvn -Pscoreboard

            Breakwater is the shipped client in each environment, over one store that counts requests; store calls take no time except
            where said. Arrivals are open loop unless said otherwise: they do not slow down because calls are refused. A throttled call fails in 50 ms.
            All contestants have the same luck. *Complete information* is no contestant but the bound: the plain rule (30 % of 10 calls or more
            started in 60 s, or 5 in a row), told of every start and every failure in the instant.
            What a breaker takes of a call in nanoseconds: [in-process.md](in-process.md).
            """);
        new Aims(matrix, openings, overshoot, cost, falseTrips, scenarios).write(page);
        openings.write(page);
        onset.write(page);
        falseTrips.write(page);
        overshoot.write(page);
        cost.write(page);
        scenarios.write(page);
        regionLoss.write(page);
        peers.write(page);
        matrix.write(page);
        return page;
    }
}
