package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;

import java.util.Arrays;
import java.util.List;

/** Lines over two axes, drawn as SVG. */
public record Plot(String title, Axis x, Axis y, List<Line> lines) {
    private static final int WIDTH = 790;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 230;
    private static final int TOP = 40;
    private static final int BOTTOM = 55;
    private static final List<String> COLOURS =
            List.of("#0b5394", "#666666", "#b45f06", "#990000", "#674ea7", "#111111", "#38761d");

    /** From the first to the last of the ticks, even or by powers. */
    public record Axis(String label, boolean logarithmic, List<Double> ticks) {
        public static Axis even(String label, double... ticks) {
            return new Axis(label, false, Arrays.stream(ticks).boxed().toList());
        }

        public static Axis logarithmic(String label, double... ticks) {
            return new Axis(label, true, Arrays.stream(ticks).boxed().toList());
        }

        boolean holds(double value) {
            return value >= ticks.getFirst() && value <= ticks.getLast();
        }

        double place(double value) {
            return (scaled(value) - scaled(ticks.getFirst())) / (scaled(ticks.getLast()) - scaled(ticks.getFirst()));
        }

        private double scaled(double value) {
            return logarithmic ? Math.log(value) : value;
        }
    }

    public record Line(String name, List<Point> points) {}

    /** What lies beyond the axes is left out. A label is written beside it. */
    public record Point(double x, double y, String label) {
        public Point(double x, double y) {
            this(x, y, "");
        }
    }

    String svg() {
        StringBuilder svg = new StringBuilder(format("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" fill="#111">
            <rect width="100%%" height="100%%" fill="#fff"/>
            <text x="%d" y="22" font-size="15" font-weight="bold">%s</text>
            """, WIDTH, HEIGHT, LEFT, title));
        axes(svg);
        for (int number = 0; number < lines.size(); number++) {
            line(svg, number);
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        int right = WIDTH - RIGHT;
        int bottom = HEIGHT - BOTTOM;
        for (double tick : x.ticks()) {
            svg.append(format(
                    "<path d=\"M%1$.1f %2$d V%3$d\" stroke=\"#ddd\"/><text x=\"%1$.1f\" y=\"%4$d\""
                            + " text-anchor=\"middle\">%5$s</text>\n",
                    across(tick), TOP, bottom, bottom + 18, Page.number(tick)));
        }
        for (double tick : y.ticks()) {
            svg.append(format(
                    "<path d=\"M%1$d %2$.1f H%3$d\" stroke=\"#ddd\"/><text x=\"%4$d\" y=\"%5$.1f\""
                            + " text-anchor=\"end\">%6$s</text>\n",
                    LEFT, down(tick), right, LEFT - 6, down(tick) + 4, Page.number(tick)));
        }
        svg.append(format("<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#111\"/>\n", LEFT, TOP, bottom, right));
        svg.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                (LEFT + right) / 2, HEIGHT - 12, x.label()));
        svg.append(format(
                "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
                (TOP + bottom) / 2, y.label()));
    }

    private void line(StringBuilder svg, int number) {
        Line line = lines.get(number);
        String colour = COLOURS.get(number % COLOURS.size());
        List<Point> points = line.points().stream()
                .filter(point -> x.holds(point.x()) && y.holds(point.y()))
                .toList();
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(format("%s%.1f %.1f ", path.isEmpty() ? "M" : "L", across(point.x()), down(point.y())));
        }
        if (!points.isEmpty()) {
            svg.append(format(
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                    path.toString().strip(), colour));
        }
        // Dots where there are few: each is a measurement, and the line between only leads the eye.
        for (Point point : points.size() > 20 ? List.<Point>of() : points) {
            svg.append(format(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n",
                    across(point.x()), down(point.y()), colour));
            if (!point.label().isEmpty()) {
                svg.append(format(
                        "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                        across(point.x()) + 7, down(point.y()) - 5, point.label()));
            }
        }
        int legend = TOP + 10 + 20 * number;
        svg.append(format(
                "<path d=\"M%d %d h22\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" y=\"%d\">%s</text>\n",
                WIDTH - RIGHT + 14, legend, colour, WIDTH - RIGHT + 42, legend + 4, line.name()));
    }

    private double across(double value) {
        return LEFT + x.place(value) * (WIDTH - RIGHT - LEFT);
    }

    private double down(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - BOTTOM - TOP);
    }
}
