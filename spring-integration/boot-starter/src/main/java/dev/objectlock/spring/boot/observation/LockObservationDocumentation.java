package dev.objectlock.spring.boot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** What is observed of annotated calls that take locks. */
public enum LockObservationDocumentation implements ObservationDocumentation {

    /** From asking for the locks of a call until they are granted or refused. */
    ACQUIRE {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultAcquireObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return Key.values();
        }
    },

    /** From the grant of the locks of a call until the call has given them back. */
    HOLD {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultHoldObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return Key.values();
        }
    };

    /** The keys of both, all of them of few values. */
    public enum Key implements KeyName {

        /** The path templates as they are written, with commas between them: {@code cell:{cell}/robot}. */
        TEMPLATE("template"),

        /** The modes, with commas between them: {@code user}. */
        MODE("mode"),

        /** The method: {@code Robot.moveTo(String, Pose)}. */
        METHOD("method"),

        /** How it went: one of {@link Outcome}; {@code none} while it is going on. */
        OUTCOME("outcome");

        private final String text;

        Key(String text) {
            this.text = text;
        }

        @Override
        public String asString() {
            return text;
        }
    }
}
