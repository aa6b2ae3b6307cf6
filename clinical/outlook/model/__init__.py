"""The Bayesian wear-off model, its equations on one page.

Data. W is a day's wellbeing, 0-10 (`wellbeing`), or in its place the optional rating that is the course's
target measure, turned so that higher is better (`clinical.target_measure`); a segment is the baseline or one
maintenance cycle (`segments`); t counts the days since the infusion that opened the cycle.

Likelihood of a day (`cycle_fit`), given the curve s (`wear_off_curve`):

    W = B + h * weekend + G * s(t) + e,        s(t) = 2 ** -((t / T) ** k)

    B  level without benefit, points           T  day on which half of the gain is lost
    G  gain of the infusion, points            k  shape of the curve
    h  effect of the weekend, points           e  noise, normal, correlated from day to day

    e_i = d_i + l_i,   corr(d_i, d_j) = 0.6 * 0.5 ** |i - j|, and 1 for i = j
                       cov(l_i, l_j)  = 0.4 ** 2 * exp(-|i - j| / 30)

d is the noise of single days, with SD sigma, and l a slow part (Ornstein-Uhlenbeck) that lasts for weeks.

`weekend` is 1 on Saturday and Sunday and -0.4 otherwise, so that it sums to zero over a week. Heavy tails of
e (Student t with 4 degrees of freedom) enter by one step of iteratively reweighted least squares.

Auxiliary observations (`auxiliary`) have likelihoods of their own: the reported benefit left observes s(t)
(Student t), PHQ-9 observes the mean of G * s(t) over two weeks, a clinician-rated baseline observes B. An
infusion given because symptoms had returned observes T a week before it, and the days that the patient
recalls until half was gone observe T as well; an infusion given while symptoms had not returned, and a
recollection that half had not gone, are right-censored observations of T.

Prior of a cycle (`patient_state`). (B, h, G) is Gaussian. (T, k) lives on a grid of 40 x 5 cells: 40 values
of T from 3 to 160 days, equally spaced in log T, and k in {1, 1.5, 2.1, 3, 5}. Within a patient log T
scatters from cycle to cycle about the patient's own median m, which itself drifts, with a trend r in
{-0.12, 0, 0.12} a cycle; m, k and r are the patient parameters. For cycle c

    log T_c = log m_c + u_c             u_c  Student t with 4 degrees of freedom, scale 0.16
    log m_(c+1) = log m_c + r_c + v_c   v_c  normal, SD 0.08
    r_(c+1) = r_c with probability 0.95, else redrawn from (0.16, 0.78, 0.06)
    B_(c+1) = B_c + N(0, 0.20**2)       G_(c+1) = G_c + N(0, (0.15 E[G_c])**2),  h constant

After each cycle 1e-6 of the population prior is mixed into the distribution of (m, k). The noise variance is
estimated from the residuals r of the finished cycles' n days, older ones fading so that n is at most 80; the
weight w of a day is below 1 off the curve:

    sigma**2 = (12 * 1.2**2 + sum of w_i * r_i**2) / (12 + n)

Between treatment courses the median and k are handed on with more doubt, as a mixture with the population
prior q, and (B, h, G) and the noise start anew:

    p'(m', k) = 0.8 * sum over m of N(log m' | log m, 0.25**2) * p(m, k) + 0.2 * q(m', k)

Within a course the same holds of the median and k for a cycle before which the dose, the medication or a long
pause changed the treatment (`treatment_changes`); B and G then take a step of SD 0.5 and 0.35 E[G].

Population prior (`population_prior`). log m of a new patient is normal, log k as well, with median 1.9 and
SD 0.40. The hyperparameters, median and SD of log m, are the published ones, or are estimated from a
clinic's own patients by `clinical.outlook.learning` (empirical Bayes).

Posterior. In each cell the model is a linear Gaussian regression, so that (B, h, G) is integrated out in
closed form and leaves the marginal likelihood of the cell, raised to the power 0.85 (tempering: the true
curve is not exactly s). Not tempered are the likelihoods of the benefit left and of what observes T, and
the conditional posterior of (B, h, G) within a cell. Posterior of the grid = prior x marginal likelihood,
normalized. Over the finished cycles (r, m, k) is filtered forward as the state of a hidden Markov model: the
transition is p(r_(c+1), m_(c+1) | r_c, m_c), the emission the cycle's likelihood with T_c summed out, sum
over T of p(T | m_c) * L_c(T, k).

Results (`half_benefit_time`). P(T <= t) is the cumulative posterior of T; the half-benefit day is its median
with the 10th and 90th percentile, and the benefit left on day t is the posterior of s(t).
"""
