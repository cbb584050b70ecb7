package dev.objectlock.spring.boot.app.web;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

@SpringBootApplication
public class WebApplication {

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(User.withUsername("olga")
                .password("{noop}secret")
                .roles("OPERATOR")
                .build());
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) {
        return http.csrf(csrf -> csrf.disable())
                .authorizeHttpRequests(any -> any.anyRequest().authenticated())
                .httpBasic(Customizer.withDefaults())
                .build();
    }
}
