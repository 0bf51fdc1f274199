package io.breakwater.overload;

/** How an endpoint counts a quota of a minute. */
enum QuotaModel {
    STEADY("a token bucket of a tenth of a minute, refilled steadily") {
        @Override
        Quota of(int perMinute) {
            return new Bucket(perMinute, perMinute / 10.0);
        }
    },
    WHOLE_MINUTES("a fixed window of whole minutes") {
        @Override
        Quota of(int perMinute) {
            return new Minutes(perMinute);
        }
    },
    DEEP("a token bucket of a whole minute, refilled steadily") {
        @Override
        Quota of(int perMinute) {
            return new Bucket(perMinute, perMinute);
        }
    };

    private final String title;

    QuotaModel(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** A quota that is full. */
    abstract Quota of(int perMinute);

    /** A quota at work. */
    interface Quota {
        /** Whether a call that comes then is taken. */
        boolean takes(long millis);

        /** The calls that it takes until then from whoever has a call ready whenever it takes one. */
        double mostUntil(long millis);
    }

    private static final class Bucket implements Quota {
        private final double perMillisecond;
        private final double depth;
        private double level;
        private long filledAt;

        Bucket(double perMinute, double depth) {
            this.perMillisecond = perMinute / 60_000;
            this.depth = depth;
            this.level = depth;
        }

        @Override
        public boolean takes(long millis) {
            level = Math.min(depth, level + (millis - filledAt) * perMillisecond);
            filledAt = millis;
            if (level < 1) {
                return false;
            }
            level--;
            return true;
        }

        @Override
        public double mostUntil(long millis) {
            return depth + millis * perMillisecond;
        }
    }

    private static final class Minutes implements Quota {
        private static final long MINUTE = 60_000;

        private final int perMinute;
        private long minute;
        private int taken;

        Minutes(int perMinute) {
            this.perMinute = perMinute;
        }

        @Override
        public boolean takes(long millis) {
            if (millis / MINUTE != minute) {
                minute = millis / MINUTE;
                taken = 0;
            }
            if (taken == perMinute) {
                return false;
            }
            taken++;
            return true;
        }

        @Override
        public double mostUntil(long millis) {
            return (double) perMinute * Math.ceilDiv(millis, MINUTE);
        }
    }
}
