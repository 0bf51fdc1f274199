package io.breakwater.local.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A directory that one process at a time keeps the engines' state in. */
final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Creates the directory where needed and locks it until it is closed or the process ends.
     *
     * @throws IllegalStateException when it cannot be used, saying why
     */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            FileChannel lock =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!acquired(lock)) {
                lock.close();
                throw new IllegalStateException("data directory " + root.toAbsolutePath()
                        + " is in use by another process: stop that one or choose another directory");
            }
            return new DataDirectory(root, lock);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "data directory " + root.toAbsolutePath() + " cannot be used: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("resource")
    private static boolean acquired(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The part of it that belongs to one engine. */
    Path part(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
