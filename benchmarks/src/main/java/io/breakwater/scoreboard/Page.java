package io.breakwater.scoreboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The page in Markdown, and its plots in files of their own. */
public final class Page {
    static final String NAME = "README.md";

    private final StringBuilder text = new StringBuilder();
    private final SequencedMap<String, String> plots = new TreeMap<>();

    public Page heading(String title) {
        return paragraph("## " + title);
    }

    public Page subheading(String title) {
        return paragraph("### " + title);
    }

    public Page paragraph(String paragraph) {
        text.append(paragraph.strip()).append("\n\n");
        return this;
    }

    public Page table(Table table) {
        return paragraph(table.markdown());
    }

    /** A table that is too long to read past. */
    public Page folded(String summary, Table table) {
        return paragraph("<details><summary>" + summary + "</summary>")
                .table(table)
                .paragraph("</details>");
    }

    public Page plot(String name, Plot plot) {
        plots.put(name + ".svg", plot.svg());
        return paragraph("![" + plot.title() + "](" + name + ".svg)");
    }

    public String markdown() {
        return text.toString().strip() + "\n";
    }

    SequencedMap<String, String> plots() {
        return plots;
    }

    public void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(NAME), markdown());
        for (var plot : plots.entrySet()) {
            Files.writeString(folder.resolve(plot.getKey()), plot.getValue());
        }
    }

    /** Rows of cells under a header. */
    public static final class Table {
        private final List<String> header;
        private final List<List<String>> rows = new ArrayList<>();

        public Table(String... header) {
            this.header = List.of(header);
        }

        public Table row(String... cells) {
            if (cells.length != header.size()) {
                throw new IllegalArgumentException(cells.length + " cells under " + header);
            }
            rows.add(List.of(cells));
            return this;
        }

        String markdown() {
            StringBuilder lines = new StringBuilder(line(header))
                    .append("|---".repeat(header.size()))
                    .append("|\n");
            rows.forEach(row -> lines.append(line(row)));
            return lines.toString();
        }

        private static String line(List<String> cells) {
            return "| " + String.join(" | ", cells) + " |\n";
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library that nothing here needs otherwise.
    public static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    public static String seconds(double seconds) {
        return Double.isInfinite(seconds) ? "never" : format("%.1f", seconds);
    }

    public static String number(double number) {
        return number == Math.rint(number) ? format("%.0f", number) : format("%.1f", number);
    }

    public static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }
}
