package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The whole template, so that a change of it is seen in review. After one that is meant:
 * {@code mvn test -pl shared,functions,infra -Dtest=SnapshotTest -Dsnapshot.renew}.
 */
@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class SnapshotTest {
    private static final Path SNAPSHOT = Path.of("src/test/resources/breakwater.template.json");

    @Test
    void theTemplateIsAsItWas() throws IOException {
        String template = normalised(Synthesised.with(Map.of()).template().toPrettyString()) + "\n";
        if (System.getProperty("snapshot.renew") != null) {
            Files.createDirectories(SNAPSHOT.getParent());
            Files.writeString(SNAPSHOT, template);
        }

        assertThat(template).isEqualTo(Files.readString(SNAPSHOT));
    }

    /** Without the hashes of what is in archives and versions, which change with every line of code. */
    private static String normalised(String template) {
        return template.replaceAll("\\b[0-9a-f]{64}\\b", "HASH")
                .replaceAll("(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}", "$1HASH");
    }
}
