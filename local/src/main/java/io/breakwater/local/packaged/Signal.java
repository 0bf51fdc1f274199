package io.breakwater.local.packaged;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** Signals that the JDK does not send: they stop a process where it stands, and let it go on. */
enum Signal {
    STOP(19, 17),
    CONTINUE(18, 19);

    private static final boolean MAC =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");

    private final int linuxNumber;
    private final int macNumber;

    Signal(int linuxNumber, int macNumber) {
        this.linuxNumber = linuxNumber;
        this.macNumber = macNumber;
    }

    /** Sends it; a process that is gone does not mind. */
    void send(ProcessHandle process) {
        if (process.isAlive()) {
            try {
                int result = (int) Kill.CALL.invokeExact((int) process.pid(), MAC ? macNumber : linuxNumber);
                if (result != 0 && process.isAlive()) {
                    throw new IllegalStateException("cannot send " + this + " to process " + process.pid());
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** {@code kill(2)}, which costs a microsecond where the command of that name costs milliseconds. */
    private static final class Kill {
        private static final MethodHandle CALL = find();

        @SuppressWarnings("restricted")
        private static MethodHandle find() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup()
                            .find("kill")
                            .orElseThrow(() -> new IllegalStateException(
                                    "this system cannot stop a process: run without freezing (--no-freeze)")),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        }
    }
}
