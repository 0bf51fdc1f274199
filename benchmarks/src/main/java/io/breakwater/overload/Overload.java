package io.breakwater.overload;

import io.breakwater.scoreboard.Lanes;
import io.breakwater.scoreboard.Page;
import java.io.IOException;
import java.nio.file.Path;

/** Runs both studies and writes the page: {@code mvn -Poverload}. */
final class Overload {
    private Overload() {}

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

    private static Page page(Lanes lanes) {
        var dailyQuota = new DailyQuota(lanes);
        var demand = new Demand(lanes, Demand.ENDPOINTS);

        Page page = new Page();
        page.paragraph("""
            # More work than quota

            Fleets that have more to do than their endpoint takes, in virtual time, by seed. Written, byte for byte, by

                mvn -Poverload
            """);
        demand.writeAims(page);
        demand.write(page);
        dailyQuota.write(page);
        return page;
    }
}
