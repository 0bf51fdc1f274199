import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or rewrites the format of every Java source below the given folder, in palantir-java-format's style.
 *
 * <p>Runs as a process of the JDK 25 toolchain because a formatter inside Maven's own JVM parses with that JVM's
 * compiler, which on an older default JDK does not know the language level of this code.
 */
final class Format {
    private Format() {}

    static void main(String[] arguments) throws IOException, FormatterException {
        boolean write = arguments[0].equals("write");
        Path root = Path.of(arguments[1]);
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<Path> unformatted = new ArrayList<>();
        for (Path source : sources(root)) {
            String text = Files.readString(source);
            String formatted = formatter.formatSourceAndFixImports(text);
            if (!formatted.equals(text)) {
                unformatted.add(root.relativize(source));
                if (write) {
                    Files.writeString(source, formatted);
                }
            }
        }
        unformatted.forEach(source -> System.out.println((write ? "formatted " : "not formatted: ") + source));
        if (!write && !unformatted.isEmpty()) {
            System.out.println("Run `mvn -Pformat` to format them.");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/")
                            && !path.toString().contains("node_modules"))
                    .sorted()
                    .toList();
        }
    }
}
