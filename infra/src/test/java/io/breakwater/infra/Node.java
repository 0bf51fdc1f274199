package io.breakwater.infra;

import java.io.IOException;

/** CDK is a library of Node's, whatever language it is used from. */
final class Node {
    static final String IS_PRESENT = "io.breakwater.infra.Node#isPresent";
    static final String WHY = "there is no Node on the PATH, in which CDK runs";

    private Node() {}

    static boolean isPresent() {
        try {
            new ProcessBuilder("node", "--version").start().destroy();
            return true;
        } catch (IOException _) {
            System.err.println("Skipped: " + WHY);
            return false;
        }
    }
}
