-- propose_segment_policy and what speaks for its rules.

CREATE FUNCTION propose_segment_policy(sample policy_sample, max_segments integer DEFAULT 8,
                                       min_customers integer DEFAULT NULL, metrics text[] DEFAULT NULL,
                                       attributes text[] DEFAULT NULL, monotone boolean DEFAULT true,
                                       max_depth integer DEFAULT 5, bootstraps integer DEFAULT 50,
                                       min_found_again double precision DEFAULT 0.8) RETURNS segment_policy
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION propose_segment_policy(policy_sample, integer, integer, text[], text[], boolean, integer, integer, double precision) IS
    'a policy to edit, whose segments differ as much as they can in the outcome of the sample, in its unit, days: a regression tree over the figures of the profiles and the attributes (Breiman, Friedman, Olshen, Stone 1984), pruned by ten folds of customers to the smallest tree within one standard error of the best; one segment, "all", where nothing tells the customers apart. max_segments: 1 to 100 rules; min_customers: of a rule (default the larger of 30 and 5 %); metrics, attributes: those that may take part (default all; the keys of an attribute inside another joined by dots); monotone: of two customers that differ only in lateness the later one is never in a segment of a smaller mean; max_depth: how many divisions lie above a rule at most, 1 to 10; bootstraps, min_found_again: in what share of how many trees grown from customers drawn with replacement the rules must come back, on their mean, or fewer are proposed (default 0.8 of 50; 0 bootstraps: not asked). The same sample gives the same policy. NULL for a NULL sample; an option out of range or a name that is not in the sample is error 22023, memory beyond work_mem and 256 MB 54000';

CREATE FUNCTION explain_proposal(sample policy_sample, max_segments integer DEFAULT 8,
                                 min_customers integer DEFAULT NULL, metrics text[] DEFAULT NULL,
                                 attributes text[] DEFAULT NULL, monotone boolean DEFAULT true,
                                 max_depth integer DEFAULT 5, bootstraps integer DEFAULT 50,
                                 min_found_again double precision DEFAULT 0.8,
                                 OUT rule integer, OUT segment text, OUT condition text, OUT customers bigint,
                                 OUT share double precision, OUT mean double precision,
                                 OUT mean_low double precision, OUT mean_high double precision,
                                 OUT found_again double precision) RETURNS SETOF record
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000000 ROWS 8;
COMMENT ON FUNCTION explain_proposal(policy_sample, integer, integer, text[], text[], boolean, integer, integer, double precision) IS
    'what speaks for each rule that propose_segment_policy proposes with the same options: how many customers of the sample it takes and their share, the mean of their outcomes with an interval of 95 % (Student''s t; NULL for one customer), and in which share of trees grown from customers drawn with replacement a leaf comes back that has more than half of the customers of either (NULL with bootstraps => 0; at most 1,000)';

CREATE FUNCTION proposal_summary(sample policy_sample, max_segments integer DEFAULT 8,
                                 min_customers integer DEFAULT NULL, metrics text[] DEFAULT NULL,
                                 attributes text[] DEFAULT NULL, monotone boolean DEFAULT true,
                                 max_depth integer DEFAULT 5, bootstraps integer DEFAULT 50,
                                 min_found_again double precision DEFAULT 0.8,
                                 OUT customers bigint, OUT rules integer, OUT eta_squared double precision,
                                 OUT cross_validated double precision, OUT current_policy double precision,
                                 OUT own_median double precision) RETURNS record
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION proposal_summary(policy_sample, integer, integer, text[], text[], boolean, integer, integer, double precision) IS
    'what propose_segment_policy proposes with the same options, beside what there is already: the customers and the rules; the share of the variance of the outcome that lies between the rules; the same of customers that took no part (ten folds), which is the figure to believe; on the same folds that of the segments in the attribute current_segment (NULL without, or with more than 50), and of the prediction that each customer goes on with its own median days late (below 0: worse than the mean of all). NULLs where all outcomes are equal, and for a NULL sample';
