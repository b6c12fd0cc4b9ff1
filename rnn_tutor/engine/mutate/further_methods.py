"""More methods that are taken for each other: of shares, series, rankings, and of a line through points."""

from rnn_tutor.engine.mutate.methods import FAMILIES as FIRST_FAMILIES
from rnn_tutor.engine.mutate.methods import NEAR, TIMES, Family, Method, only

OVERLAPS_OF_SHARES = Family(
    "other_overlap_of_shares",
    "another measure of how far two distributions agree",
    ("x", "y"),
    NEAR,
    "Total variation and its complement; Leviathan et al. 2023, section 3 (speculative decoding: how often q is kept); "
    "Bhattacharyya 1943.",
    (
        Method("the overlap", "sum(minimum(x, y))"),
        Method("the overlap by the total variation", "1 - sum(abs(x - y))/2"),
        Method("the part in excess", "sum(maximum(x - y, 0))"),
        Method("the total variation", "sum(abs(x - y))/2"),
        only("1 less the absolute differences, not halved,", "1 - sum(abs(x - y))"),
        only("the absolute differences, not halved,", "sum(abs(x - y))"),
        only("the mean of the ratios, no more than 1,", "mean(minimum(1, x/y))"),
        only("the mean of the ratios the other way, no more than 1,", "mean(minimum(1, y/x))"),
        only("the ratios weighed by the other list", "sum(x*minimum(1, x/y))"),
        only("the ratios the other way weighed by the other list", "sum(y*minimum(1, y/x))"),
        only("the ratios, not weighed,", "sum(minimum(1, x/y))", 0.5),
        only("the sum of the products", "sum(x*y)"),
        only("the sum of the roots of the products", "sum(sqrt(x*y))", 0.5),
        only("the sum of the larger ones", "sum(maximum(x, y))"),
        only("the mean of the smaller ones", "mean(minimum(x, y))", 0.5),
        only("the largest difference", "max(abs(x - y))", 0.5),
        only("the probability of the contrary", "1 - sum(minimum(x, y))"),
    ),
)
SERIES = Family(
    "other_series",
    "another sum of a geometric series",
    ("x", "a"),
    NEAR,
    "The geometric series, finite and endless (any text on analysis).",
    (
        Method("the series", "(1 - x**a)/(1 - x)"),
        Method("the series with one term more", "(1 - x**(a + 1))/(1 - x)"),
        only("the endless series", "1/(1 - x)"),
        only("as many terms of one size, and 1,", "1 + a*x"),
        only("as many terms of one size", "a*x", 0.5),
        only("the series without its first term", "x*(1 - x**a)/(1 - x)"),
        only("the numerator alone", "1 - x**(a + 1)", 0.5),
        only("the series with one term less", "(1 - x**(a - 1))/(1 - x)"),
        only("the last term alone", "x**a", 0.5),
        only("the endless series without its first term", "x/(1 - x)", 0.5),
        only("one term more, of one size,", "1 + (a + 1)*x", 1.0),
    ),
)
GAINS_ALONE = Family(
    "other_gain",
    "another gain or discount of a ranking",
    ("x",),
    NEAR,
    "sklearn.metrics.dcg_score (linear gain); Burges et al. 2005 (exponential gain).",
    (
        Method("the exponential gain", "2**x - 1"),
        only("the relevance itself", "x"),
        only("the squared relevance", "x**2"),
        only("the power without its - 1", "2**x"),
        only("the base e", "exp(x) - 1", 0.5),
        only("twice the relevance, less 1,", "2*x - 1", 0.5),
        only("whether it is relevant at all", "1*(x > 0)", 0.5),
    ),
    words=("relev", "gain", "grade"),
    needed=True,
)
EXPLAINED = Family(
    "other_explained",
    "another measure of how well a line fits",
    ("x", "y"),
    NEAR,
    "Any text on regression (r2, adjusted r2 of one input); sklearn.metrics.r2_score. x: residuals, y: what was seen.",
    (
        Method("the fraction explained", "1 - sum(x**2)/sum((y - mean(y))**2)"),
        only(
            "the fraction explained, adjusted for one input,",
            "1 - sum(x**2)/(len(x) - 2)/(sum((y - mean(y))**2)/(len(y) - 1))",
        ),
        only("the fraction left", "sum(x**2)/sum((y - mean(y))**2)"),
        only("the fraction of the squares themselves", "1 - sum(x**2)/sum(y**2)"),
        only("the root of the fraction explained", "sqrt(1 - sum(x**2)/sum((y - mean(y))**2))"),
        only("the root of the fraction left, less 1,", "1 - sqrt(sum(x**2)/sum((y - mean(y))**2))", 0.5),
        only("the mean of the squared residuals", "mean(x**2)", 0.5),
        only("absolute values", "1 - sum(abs(x))/sum(abs(y - mean(y)))", 0.5),
        only("the mean by the variance over n - 1", "1 - mean(x**2)/(sum((y - mean(y))**2)/(len(y) - 1))", 0.5),
    ),
)
SLOPES = Family(
    "other_slope",
    "another line through points",
    ("x", "y"),
    NEAR,
    "Least squares beside simpler lines (any text on regression); numpy.cov (over n - 1) with numpy.var (over n).",
    (
        Method("the coefficient of least squares", "sum((x - mean(x))*(y - mean(y)))/sum((x - mean(x))**2)"),
        only("the line from the first to the last point", "(y[-1] - y[0])/(x[-1] - x[0])"),
        only(
            "the covariance over n - 1 and the variance over n",
            "sum((x - mean(x))*(y - mean(y)))/(len(x) - 1)/mean((x - mean(x))**2)",
        ),
        only(
            "the covariance over n and the variance over n - 1",
            "mean((x - mean(x))*(y - mean(y)))/(sum((x - mean(x))**2)/(len(x) - 1))",
        ),
        only("the ratio of the deviations", "sqrt(sum((y - mean(y))**2)/sum((x - mean(x))**2))"),
        only("the ratio of the means", "mean(y)/mean(x)"),
        only("the ratio of the sums of absolute deviations", "sum(abs(y - mean(y)))/sum(abs(x - mean(x)))", 0.5),
        only("the mean of the lines between neighbours", "mean((y[1:] - y[:-1])/(x[1:] - x[:-1]))", 0.5),
        only("the mean of the ratios of the deviations", "mean((y - mean(y))/(x - mean(x)))", 0.5),
    ),
)
TAILS = Family(
    "other_tail",
    "another probability of a geometric distribution",
    ("x", "a"),
    NEAR,
    "The number in an M/M/1 queue (Kleinrock 1975): geometric; its point probabilities and both tails.",
    (
        Method("the probability of more", "x**(a + 1)"),
        only("the probability of as many or more", "x**a"),
        only("the probability of as many or fewer", "1 - x**(a + 1)"),
        only("the probability of just as many", "(1 - x)*x**a"),
        only("the probability of just one more", "(1 - x)*x**(a + 1)"),
        only("the probability of fewer", "1 - x**a", 0.5),
        only("an exponential tail", "exp(-a*x)", 0.5),
    ),
    words=("queue", "customer", "arriv", "geometric", "trial", "job", "packet"),
    needed=True,
)
EXPLAINED_BY_DEVIATIONS = Family(
    "other_explained",
    "another measure of how well a line fits",
    ("x", "z"),
    NEAR,
    "As EXPLAINED, where z are the deviations from the mean already.",
    (
        Method("the fraction explained", "1 - sum(x**2)/sum(z**2)"),
        only("the fraction explained, adjusted for one input,", "1 - sum(x**2)/(len(x) - 2)/(sum(z**2)/(len(z) - 1))"),
        only("the fraction left", "sum(x**2)/sum(z**2)"),
        only("the root of the fraction explained", "sqrt(1 - sum(x**2)/sum(z**2))"),
        only("the root of the fraction left, less 1,", "1 - sqrt(sum(x**2)/sum(z**2))", 0.5),
        only("absolute values", "1 - sum(abs(x))/sum(abs(z))", 0.5),
        only("the mean by the variance over n - 1", "1 - mean(x**2)/(sum(z**2)/(len(z) - 1))", 0.5),
    ),
)


LIKELIHOODS = Family(
    "other_likelihood",
    "another likelihood of counts",
    ("x", "y"),
    NEAR,
    "The Poisson log-likelihood without log(x!), and its neighbours (torch.nn.PoissonNLLLoss: log_input, full).",
    (
        Method("the Poisson likelihood", "sum(x*log(y) - y)"),
        only("the logarithm without the mean", "sum(x*log(y))"),
        only("the mean for its logarithm (log_input)", "sum(x*y - exp(y))"),
        only("half the squared errors, negative,", "-sum((x - y)**2)/2"),
        only("counts and means exchanged", "sum(y*log(x) - x)"),
        only("the mean over the cases", "mean(x*log(y) - y)"),
        only("the difference not weighed", "sum(log(y) - y)", 0.5),
        only("the negative of it", "sum(y - x*log(y))"),
    ),
)
DEVIANCES = Family(
    "other_deviance",
    "another measure of misfit of counts",
    ("x", "y"),
    NEAR,
    "sklearn.metrics (mean_poisson_deviance, mean_gamma_deviance); Pearson's statistic; Neyman's.",
    (
        Method("the Poisson deviance", "2*sum(x*log(x/y) - (x - y))"),
        Method("the Poisson deviance", "2*sum(x*log(x/y) - x + y)"),
        only("half of it", "sum(x*log(x/y) - (x - y))"),
        only("the logarithms alone", "2*sum(x*log(x/y))"),
        only("counts and means exchanged", "2*sum(y*log(y/x) - (y - x))"),
        only("Pearson's statistic", "sum((x - y)**2/y)"),
        only("the sum of squares", "sum((x - y)**2)"),
        only("the mean over the cases", "2*mean(x*log(x/y) - (x - y))"),
        only("the logarithms not weighed", "2*sum(log(x/y) - (x - y))", 0.5),
    ),
)
MEANS_OF_TWO = Family(
    "other_mean_of_two",
    "another mean of two numbers",
    ("x", "y"),
    NEAR,
    "Arithmetic, geometric and harmonic mean of two rates (F1, Fowlkes-Mallows, balanced accuracy, Youden's J).",
    (
        Method("the mean of both", "(x + y)/2"),
        Method("the geometric mean of both", "sqrt(x*y)"),
        Method("the harmonic mean of both", "2*x*y/(x + y)"),
        only("the larger of both", "maximum(x, y)", 0.5),
        only("the smaller of both", "minimum(x, y)", 0.5),
        only("the sum less 1", "x + y - 1", 0.5),
        only("the product of both", "x*y", 0.5),
        only("the root mean square of both", "sqrt((x**2 + y**2)/2)", 0.5),
    ),
)
SMOOTHING_WEIGHTS = Family(
    "other_discretisation",
    "another discretisation, as Euler for the exact step",
    ("x", "z"),
    NEAR,
    "The weight of a low-pass filter of first order (scipy.signal.cont2discrete). x: time step, z: time constant.",
    (
        Method("backward Euler", "x/(x + z)"),
        Method("the exact step", "1 - exp(-x/z)"),
        only("forward Euler", "x/z"),
        only("the exact weight of what was before", "exp(-x/z)"),
        only("the bilinear rule", "x/(2*z + x)", 0.5),
        only("the step by the constant, turned over,", "z/x", 0.5),
    ),
    words=TIMES,
    needed=True,
)


def _spelled(variables: tuple[str, ...], source: str, text: str, *forms: str) -> Family:
    """Return a formula with its other spellings: who knows it in one of these makes a mistake in that one."""
    phrase = "a mistake in another form of the formula"
    return Family("other_form", phrase, variables, NEAR, source, (Method("the formula", text),), forms=forms)


ANY_TEXT = "Any text on statistics: the same formula in another form."
FORMS = (
    _spelled(("x",), ANY_TEXT, "mean((x - mean(x))**2)", "mean(x**2) - mean(x)**2"),
    _spelled(
        ("x",),
        ANY_TEXT,
        "sum((x - mean(x))**2)/(len(x) - 1)",
        "(sum(x**2) - len(x)*mean(x)**2)/(len(x) - 1)",
    ),
    _spelled(("x", "y"), ANY_TEXT, "mean((x - mean(x))*(y - mean(y)))", "mean(x*y) - mean(x)*mean(y)"),
    _spelled(
        ("x", "y"),
        ANY_TEXT,
        "sum((x - mean(x))*(y - mean(y)))/sum((x - mean(x))**2)",
        "(mean(x*y) - mean(x)*mean(y))/(mean(x**2) - mean(x)**2)",
    ),
    _spelled(
        ("x", "y"), "The divergence as cross-entropy less entropy.", "sum(x*log(x/y))", "sum(x*log(x)) - sum(x*log(y))"
    ),
    _spelled(
        ("x",),
        "Shifted by the largest (scipy.special.logsumexp).",
        "log(sum(exp(x)))",
        "max(x) + log(sum(exp(x - max(x))))",
    ),
    _spelled(
        ("x", "y"), "The square of a distance, multiplied out.", "sum((x - y)**2)", "sum(x**2) + sum(y**2) - 2*sum(x*y)"
    ),
    _spelled(
        ("x", "y", "z"),
        "A gate's blend (GRU), a running mean, linear interpolation.",
        "(1 - x)*y + x*z",
        "y + x*(z - y)",
    ),
    _spelled(
        ("x", "y"),
        "torch.nn.BCEWithLogitsLoss: from the logit y.",
        "-(x*log(1/(1 + exp(-y))) + (1 - x)*log(1 - 1/(1 + exp(-y))))",
        "log(1 + exp(y)) - x*y",
    ),
    _spelled(
        ("x", "y"),
        "Leviathan et al. 2023, section 3; total variation.",
        "sum(minimum(x, y))",
        "sum(y*minimum(1, x/y))",
        "1 - sum(abs(x - y))/2",
    ),
    _spelled(
        ("x", "y", "z"),
        "F1 from counts, not from precision and recall.",
        "2*(x/(x + y))*(x/(x + z))/(x/(x + y) + x/(x + z))",
        "2*x/(2*x + y + z)",
    ),
    _spelled(
        ("x", "y", "z"),
        "Bayes' theorem for odds (any text on probability).",
        "x*y/(x*y + (1 - x)*z)",
        "1/(1 + (1 - x)/x*z/y)",
    ),
)
SURVIVALS = Family(
    "other_survival",
    "a product of what is left and an exponential confused",
    ("x",),
    NEAR,
    "Kaplan and Meier 1958; Nelson 1972 and Aalen 1978, and the survival that follows from their sum.",
    (
        Method("the product of what is left", "cumprod(1 - x)"),
        only("the exponential of minus the sum", "exp(-cumsum(x))"),
        only("1 less the sum", "1 - cumsum(x)", 0.5),
    ),
)
SURVIVALS_AT_LAST = Family(
    "other_survival",
    "a product of what is left and an exponential confused",
    ("x",),
    NEAR,
    "Kaplan and Meier 1958; Nelson 1972 and Aalen 1978, and the survival that follows from their sum.",
    (
        Method("the product of what is left", "prod(1 - x)"),
        only("the exponential of minus the sum", "exp(-sum(x))"),
        only("1 less the sum", "1 - sum(x)", 0.5),
    ),
)
FURTHER_FAMILIES = (
    *(OVERLAPS_OF_SHARES, SERIES, GAINS_ALONE, EXPLAINED, EXPLAINED_BY_DEVIATIONS, SLOPES, TAILS),
    *(MEANS_OF_TWO, SMOOTHING_WEIGHTS, LIKELIHOODS, DEVIANCES, SURVIVALS, SURVIVALS_AT_LAST),
    *FORMS,
)
FAMILIES = (*FIRST_FAMILIES, *FURTHER_FAMILIES)
