"""The Bayesian wear-off model, its equations on one page.

Data. W is a day's wellbeing, 0-10 (`wellbeing`); a segment is the baseline or one maintenance cycle
(`segments`); t counts the days since the infusion that opened the cycle.

Likelihood of a day (`cycle_fit`), given the curve s (`wear_off_curve`):

    W = B + h * weekend + G * s(t) + e,        s(t) = 2 ** -((t / T) ** k)

    B  level without benefit, points           T  day on which half of the gain is lost
    G  gain of the infusion, points            k  shape of the curve
    h  effect of the weekend, points           e  noise, normal with SD sigma, correlated from day to day

    corr(e_i, e_j) = 0.6 * 0.5 ** |i - j|, and 1 for i = j

`weekend` is 1 on Saturday and Sunday and -0.4 otherwise, so that it sums to zero over a week. Heavy tails of
e (Student t with 4 degrees of freedom) enter by one step of iteratively reweighted least squares.

Auxiliary observations (`auxiliary`) have likelihoods of their own: the reported benefit left observes s(t)
(Student t), PHQ-9 observes the mean of G * s(t) over two weeks, a clinician-rated baseline observes B, and an
infusion given because symptoms had returned is a noisy, left-censored observation of T.

Prior of a cycle (`patient_state`). (B, h, G) is Gaussian. (T, k) lives on a grid of 40 x 5 cells. Within a
patient log T scatters from cycle to cycle about the patient's own median, as Student t, and the median itself
drifts slowly; the median and k are the hyperparameters. Between cycles B and G are random walks, with steps
of SD 0.20 and 15 % of the expected gain; h is constant, and log k is normal around log 1.9 with SD 0.40:

    log T_c = log m_c + u_c,        log m_(c+1) = log m_c + v_c

    u_c  Student t with 4 degrees of freedom, scale 0.20        v_c  normal, SD 0.08

Population prior (`population_prior`). log m of a new patient is normal around the log of the published
median; `clinical.outlook.learning` estimates its median and spread from a clinic's own patients (empirical
Bayes).

Posterior. In each cell the model is a linear Gaussian regression, so that (B, h, G) is integrated out in
closed form and leaves the marginal likelihood of the cell, raised to the power 0.85 (tempering: the true
curve is not exactly s); the likelihoods of the benefit left and of returned symptoms are not tempered.
Posterior of the grid = prior x marginal likelihood, normalized. The
hyperparameters are filtered forward over the finished cycles (a hidden Markov model with transition matrix
"drift" and emission "within").

Results (`half_benefit_time`). P(T <= t) is the cumulative posterior of T; the due day is its median with the
10th and 90th percentile, and the benefit left on day t is the posterior of s(t).
"""
