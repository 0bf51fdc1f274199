package io.breakwater.local.packaged;

import io.breakwater.topology.FunctionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A function as it is deployed.
 *
 * @param directory where its archive is unpacked
 */
public record PackagedFunction(FunctionSpec spec, Path directory) {
    /**
     * Unpacks a function's archive.
     *
     * @param archives where {@code mvn package} left them
     * @param target made, and filled
     */
    public static PackagedFunction unpack(FunctionSpec spec, Path archives, Path target) {
        Path archive = archives.resolve(spec.name() + ".zip");
        if (!Files.isRegularFile(archive)) {
            throw new IllegalStateException("there is no " + archive + ": build it by mvn package");
        }
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                unpack(zip, entries.nextElement(), target);
            }
            return new PackagedFunction(spec, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + archive, e);
        }
    }

    private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("an entry leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
        } else {
            Files.createDirectories(file.getParent());
            try (InputStream content = zip.getInputStream(entry)) {
                Files.copy(content, file);
            }
        }
    }
}
