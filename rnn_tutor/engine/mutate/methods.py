"""Methods of the field that are taken for each other: one table, and nothing but data.

A family has what answers the same question in another way: windows, discretisations, means, losses. Each of its methods
may be taken for each of the others. A method is written in the language, in variables: `x`, `y`, `z` are numbers or
lists, `a`, `b`, `c` are numbers. `recognised` finds them in an author's expression, however it is spelled. `only` is a
method that is put in place of others, and never looked for: it is too plain to be recognised.

Where a family's methods are defined is told by its source.
"""

from dataclasses import dataclass

TIMES = ("dt", "delta", "step", "time", "tau", "rate", "decay", "interval", "sampl")
NEAR, APART = 2.0, 3.0  # what an exchange costs: as `COMMON` and `UNUSUAL` rules do


@dataclass(frozen=True)
class Method:
    """A method: its name with an article, its formula, and what it costs more than the others of its family."""

    name: str
    text: str
    recognised: bool = True
    further: float = 0.0


@dataclass(frozen=True)
class Family:
    """Methods that are taken for each other; with `scaled`, a constant factor before one changes nothing.

    words: what the names in the formula, or their meanings, hold where it is about this; elsewhere an exchange costs
    more, or where they are `needed`, there is none. told_of: what names or meanings have to hold for its methods to be
    told by their names; elsewhere they are told by their formulas. other_axis: what it is called along the other axis
    of a matrix.
    forms: other spellings of its method, in each of which one more mistake may be made.
    """

    rule: str
    phrase: str
    variables: tuple[str, ...]
    cost: float
    source: str
    methods: tuple[Method, ...]
    scaled: bool = False
    words: tuple[str, ...] = ()
    needed: bool = False
    told_of: tuple[str, ...] = ()
    other_axis: str = ""
    forms: tuple[str, ...] = ()


def only(name: str, text: str, further: float = 0.0) -> Method:
    """Return a method that others are taken for, and that is not looked for itself."""
    return Method(name, text, recognised=False, further=further)


WINDOWS = Family(
    "other_window",
    "another window, as Hamming for Hann",
    ("x",),
    NEAR,
    "numpy.hanning, hamming, blackman, bartlett; scipy.signal.windows (cosine). x is 2*pi*n/(N-1).",
    (
        Method("a Hann window", "0.5 - 0.5*cos(x)"),
        Method("a Hamming window", "0.54 - 0.46*cos(x)"),
        Method("a Blackman window", "0.42 - 0.5*cos(x) + 0.08*cos(2*x)"),
        only("a sine window", "sin(x/2)", 1.0),
        only("a triangular window", "1 - abs(x/pi - 1)"),
        only("no window", "ones_like(x)"),
    ),
    scaled=True,
)
DECAYS = Family(
    "other_discretisation",
    "another discretisation, as Euler for the exact step",
    ("x",),
    NEAR,
    "scipy.signal.cont2discrete (zoh, euler, backward_diff, bilinear); Gu et al. 2022, S4, eq. 3. x is a*dt.",
    (
        Method("the exact step", "exp(x)"),
        only("forward Euler", "1 + x"),
        only("backward Euler", "1/(1 - x)"),
        Method("the bilinear rule", "(1 + x/2)/(1 - x/2)"),
        only("a power of 2", "2**x", 1.0),
        only("two terms of the series", "1 + x + x**2/2", 1.0),
    ),
    words=TIMES,
    needed=True,
)
INPUTS = Family(
    "other_discretisation",
    "another discretisation, as Euler for the exact step",
    ("x", "y"),
    NEAR,
    "scipy.signal.cont2discrete; Gu and Dao 2023, Mamba, eq. 4 (zero-order hold), and its code (Euler for B).",
    (
        Method("the exact step", "(exp(x*y) - 1)/y"),
        only("forward Euler", "x"),
        Method("backward Euler", "x/(1 - x*y)"),
        Method("the bilinear rule", "x/(1 - x*y/2)"),
        only("an impulse at the start of the step", "x*exp(x*y)", 1.0),
    ),
    scaled=True,
)
SCALED_INPUTS = Family(
    "other_discretisation",
    "another discretisation, as Euler for the exact step",
    ("x", "y", "z"),
    NEAR,
    "As INPUTS, with the input's weight z between: delta*B/(1 - delta*A/2).",
    (
        Method("the exact step", "(exp(x*y) - 1)/y*z"),
        only("forward Euler", "x*z"),
        Method("backward Euler", "x*z/(1 - x*y)"),
        Method("the bilinear rule", "x*z/(1 - x*y/2)"),
    ),
)
GROWTH = Family(
    "other_growth",
    "another way to compound, as continuously for yearly",
    ("x", "a"),
    NEAR,
    "Simple, compound and continuous interest (any text on finance); implicit and explicit Euler (Hairer, Wanner).",
    (
        Method("compounding", "(1 + x)**a"),
        only("simple growth", "1 + x*a"),
        only("continuous growth", "exp(x*a)"),
        only("monthly compounding", "(1 + x/12)**(12*a)", 1.0),
        only("the reciprocal of the complement", "1/(1 - x)**a", 0.5),
        only("the trapezoidal rule", "((1 + x/2)/(1 - x/2))**a", 1.0),
        only("one period less", "(1 + x)**(a - 1)"),
        only("one period more", "(1 + x)**(a + 1)", 0.5),
    ),
)
ANNUITIES = Family(
    "other_annuity",
    "another kind of annuity",
    ("x", "a"),
    NEAR,
    "Ordinary annuity, annuity due, future value, perpetuity (any text on finance; numpy-financial pv, fv).",
    (
        Method("the present value of payments at the end", "(1 - (1 + x)**(-a))/x"),
        Method("the present value of payments at the start", "(1 + x)*(1 - (1 + x)**(-a))/x"),
        Method("the future value of payments at the end", "((1 + x)**a - 1)/x"),
        only("a perpetuity", "1/x", 1.0),
        only("payments without interest", "a", 1.0),
    ),
    scaled=True,
)
RATES = Family(
    "other_rate",
    "another rate of growth",
    ("x", "a"),
    NEAR,
    "Compound annual growth rate beside the mean and the logarithmic rate (any text on finance).",
    (
        Method("the compound rate", "x**(1/a) - 1"),
        only("the plain mean of the rate", "(x - 1)/a"),
        only("the logarithmic rate", "log(x)/a"),
        only("the rate of one period less", "x**(1/(a - 1)) - 1"),
        only("the rate of one period more", "x**(1/(a + 1)) - 1", 0.5),
    ),
)
RETURNS = Family(
    "other_change",
    "another relative change, as a logarithm for a fraction",
    ("x", "y"),
    NEAR,
    "Relative change and logarithmic return (pandas pct_change; numpy.log of a ratio).",
    (
        Method("the change by the first value", "(x - y)/y"),
        only("the change by the last value", "(x - y)/x"),
        only("the logarithm of the ratio", "log(x/y)"),
        only("the change by the mean of both", "2*(x - y)/(x + y)"),
    ),
)
QUADRATURE = Family(
    "other_quadrature",
    "another rule of integration, as left ends for trapezoids",
    ("x",),
    NEAR,
    "numpy.trapezoid, scipy.integrate.simpson; left and right Riemann sums (any text on analysis).",
    (
        Method("trapezoids", "sum(x) - (x[0] + x[-1])/2"),
        Method("left ends", "sum(x[:-1])"),
        Method("right ends", "sum(x[1:])"),
        Method("Simpson's rule", "(x[0] + 4*sum(x[1:-1:2]) + 2*sum(x[2:-1:2]) + x[-1])/3"),
        only("the sum of all", "sum(x)"),
        only("the mean of all times the length", "mean(x)*(len(x) - 1)", 1.0),
    ),
    scaled=True,
)
QUADRATURE_UNEVEN = Family(
    "other_quadrature",
    "another rule of integration, as left ends for trapezoids",
    ("x", "y"),
    NEAR,
    "numpy.trapezoid(y, x); left and right Riemann sums (any text on analysis).",
    (
        Method("trapezoids", "sum((x[1:] + x[:-1])*(y[1:] - y[:-1]))/2"),
        Method("left ends", "sum(x[:-1]*(y[1:] - y[:-1]))"),
        Method("right ends", "sum(x[1:]*(y[1:] - y[:-1]))"),
        only("equal steps", "(sum(x) - (x[0] + x[-1])/2)*(y[-1] - y[0])/(len(x) - 1)"),
    ),
    scaled=True,
)
PANELS = Family(
    "other_quadrature",
    "another rule of integration, as left ends for trapezoids",
    ("x", "y", "z"),
    NEAR,
    "Simpson's rule, the trapezoidal and the midpoint rule on one panel (any text on analysis).",
    (
        Method("Simpson's rule", "x + 4*y + z"),
        only("the trapezoidal rule", "3*x + 3*z"),
        only("the midpoint rule", "6*y"),
        only("the plain mean of the three", "2*x + 2*y + 2*z"),
        only("trapezoids of the two halves", "1.5*x + 3*y + 1.5*z"),
    ),
    scaled=True,
)
LENGTHS = Family(
    "other_norm",
    "another norm or distance, as Manhattan for Euclid",
    ("x",),
    NEAR,
    "numpy.linalg.norm (ord), scipy.spatial.distance (cityblock, chebyshev, sqeuclidean), torch.nn.MSELoss, L1Loss.",
    (
        Method("the Euclidean norm", "sqrt(sum(x**2))"),
        Method("the sum of absolute values", "sum(abs(x))"),
        Method("the largest absolute value", "max(abs(x))"),
        Method("the sum of squares", "sum(x**2)"),
        Method("the root of the mean square", "sqrt(mean(x**2))"),
        Method("the mean of squares", "mean(x**2)"),
        Method("the mean of absolute values", "mean(abs(x))"),
        only("half the sum of squares", "sum(x**2)/2", 1.0),
        only("the plain sum", "sum(x)"),
        only("the mean", "mean(x)", 1.0),
    ),
)
DISTANCES = Family(
    "other_similarity",
    "another measure of similarity, as a dot product for the cosine",
    ("x", "y"),
    APART,
    "scipy.spatial.distance (euclidean, cityblock, cosine, braycurtis, canberra).",
    (
        Method("the Euclidean distance", "sqrt(sum((x - y)**2))"),
        Method("the sum of absolute differences", "sum(abs(x - y))"),
        Method("the largest difference", "max(abs(x - y))"),
        only("the cosine distance", "1 - sum(x*y)/sqrt(sum(x**2)*sum(y**2))"),
        only("the cosine", "sum(x*y)/sqrt(sum(x**2)*sum(y**2))", 1.0),
        only("the dot product", "sum(x*y)"),
        only("the difference of the norms", "sqrt(sum(x**2)) - sqrt(sum(y**2))", 1.0),
        only("the Bray-Curtis distance", "sum(abs(x - y))/sum(abs(x + y))", 1.0),
    ),
)
SIMILARITIES = Family(
    "other_similarity",
    "another measure of similarity, as a dot product for the cosine",
    ("x", "y"),
    NEAR,
    "sklearn.metrics.pairwise (cosine_similarity, linear_kernel); scipy.stats (pearsonr, spearmanr); Tanimoto, Dice.",
    (
        Method("the cosine", "sum(x*y)/sqrt(sum(x**2)*sum(y**2))"),
        Method("the correlation", "sum((x - mean(x))*(y - mean(y)))/sqrt(sum((x - mean(x))**2)*sum((y - mean(y))**2))"),
        only("the dot product", "sum(x*y)"),
        only("the cosine distance", "1 - sum(x*y)/sqrt(sum(x**2)*sum(y**2))"),
        only("the Euclidean distance", "sqrt(sum((x - y)**2))"),
        only("norms by absolute values", "sum(x*y)/(sum(abs(x))*sum(abs(y)))", 0.5),
        only("squared norms", "sum(x*y)/(sum(x**2)*sum(y**2))"),
        only("the dot product by the number of entries", "mean(x*y)", 0.5),
        only("the Tanimoto coefficient", "sum(x*y)/(sum(x**2) + sum(y**2) - sum(x*y))", 0.5),
        only("Dice's coefficient", "2*sum(x*y)/(sum(x**2) + sum(y**2))", 0.5),
        only("the dot product by the norm of the first", "sum(x*y)/sqrt(sum(x**2))"),
        only("the dot product by the norm of the second", "sum(x*y)/sqrt(sum(y**2))"),
    ),
)
CORRELATIONS = Family(
    "other_correlation",
    "another measure of two lists, as covariance for correlation",
    ("x", "y"),
    NEAR,
    "scipy.stats (pearsonr, spearmanr, linregress); numpy.cov (ddof 1) and corrcoef.",
    (
        Method(
            "the correlation", "sum((x - mean(x))*(y - mean(y)))/sqrt(sum((x - mean(x))**2)*sum((y - mean(y))**2))"
        ),
        only(
            "the correlation of the ranks",
            "12*sum((argsort(argsort(x)) - (len(x) - 1)/2)*(argsort(argsort(y)) - (len(x) - 1)/2))"
            "/(len(x)**3 - len(x))",
        ),
        Method("the covariance over n", "mean((x - mean(x))*(y - mean(y)))"),
        Method("the covariance over n - 1", "sum((x - mean(x))*(y - mean(y)))/(len(x) - 1)"),
        Method("the coefficient of regression", "sum((x - mean(x))*(y - mean(y)))/sum((x - mean(x))**2)"),
        only("the coefficient of the other regression", "sum((x - mean(x))*(y - mean(y)))/sum((y - mean(y))**2)"),
        only("the coefficient of a line through 0", "sum(x*y)/sum(x**2)"),
        only("the sum of the products", "sum((x - mean(x))*(y - mean(y)))"),
        only("the square of the correlation", "(sum((x - mean(x))*(y - mean(y))))**2"
             "/(sum((x - mean(x))**2)*sum((y - mean(y))**2))"),
    ),
)  # fmt: skip
MEANS = Family(
    "other_mean",
    "another mean, as arithmetic for geometric",
    ("x",),
    NEAR,
    "scipy.stats (gmean, hmean, pmean); numpy (mean, median).",
    (
        Method("the geometric mean", "prod(x)**(1/len(x))"),
        Method("the geometric mean", "exp(mean(log(x)))"),
        Method("the harmonic mean", "len(x)/sum(1/x)"),
        Method("the root mean square", "sqrt(mean(x**2))"),
        only("the mean", "mean(x)"),
        only("the middle of the smallest and the largest", "(min(x) + max(x))/2", 0.5),
        only("the median", "(sort(x)[(len(x) - 1)//2] + sort(x)[len(x)//2])/2", 0.5),
        only("the logarithm of the mean", "log(mean(x))", 1.0),
        only("the product", "prod(x)", 0.5),
    ),
)
RATES_OF_PARTS = Family(
    "other_weights",
    "another way to weigh a mean",
    ("x", "y"),
    NEAR,
    "Average speed: total distance by total time, the mean weighted harmonically (any text on statistics).",
    (
        Method("the harmonic mean weighed by the amounts", "sum(x)/sum(x/y)"),
        only("the plain mean", "mean(y)"),
        only("the harmonic mean", "len(y)/sum(1/y)"),
        Method("the mean weighed by the amounts", "sum(x*y)/sum(x)"),
        only("the mean of the products", "mean(x*y)", 0.5),
        only("the sum of the products", "sum(x*y)", 0.5),
        only("the weighted root mean square", "sqrt(sum(x*y**2)/sum(x))", 0.5),
        only("the largest", "max(y)", 0.5),
        only("the weighted geometric mean", "exp(sum(x*log(y))/sum(x))", 0.5),
    ),
)
SPREADS = Family(
    "other_spread",
    "another measure of spread, as that of a population for a sample's",
    ("x",),
    NEAR,
    "numpy.std (ddof 0) and torch.std (ddof 1); scipy.stats (sem, median_abs_deviation).",
    (
        Method("the standard deviation over n", "sqrt(mean((x - mean(x))**2))"),
        Method("the standard deviation over n - 1", "sqrt(sum((x - mean(x))**2)/(len(x) - 1))"),
        Method("the variance over n", "mean((x - mean(x))**2)"),
        Method("the variance over n - 1", "sum((x - mean(x))**2)/(len(x) - 1)"),
        Method("the standard error", "sqrt(sum((x - mean(x))**2)/(len(x) - 1)/len(x))"),
        only("the standard error from the deviation over n", "sqrt(mean((x - mean(x))**2)/len(x))"),
        only("the deviation by n, not by its root", "sqrt(sum((x - mean(x))**2)/(len(x) - 1))/len(x)"),
        only("the deviation by the root of n - 1", "sqrt(sum((x - mean(x))**2))/(len(x) - 1)", 0.5),
        only("half a confidence interval", "1.96*sqrt(sum((x - mean(x))**2)/(len(x) - 1)/len(x))", 0.5),
        only("the mean absolute deviation", "mean(abs(x - mean(x)))", 0.5),
        only("the range", "max(x) - min(x)", 0.5),
        only("the sum of squared deviations", "sum((x - mean(x))**2)"),
        only("the coefficient of variation", "sqrt(mean((x - mean(x))**2))/mean(x)", 1.0),
    ),
)
STANDARDISED = Family(
    "other_scaling",
    "another way to scale a list, as by its range for by its deviation",
    ("x",),
    NEAR,
    "sklearn.preprocessing (StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, normalize).",
    (
        Method("standardisation over n", "(x - mean(x))/sqrt(mean((x - mean(x))**2))"),
        Method("standardisation over n - 1", "(x - mean(x))/sqrt(sum((x - mean(x))**2)/(len(x) - 1))"),
        Method("scaling by the range", "(x - min(x))/(max(x) - min(x))"),
        only("a division by the variance", "(x - mean(x))/mean((x - mean(x))**2)", 0.5),
        only("a division by the range after the mean", "(x - mean(x))/(max(x) - min(x))", 0.5),
        only("scaling by the largest", "x/max(x)"),
        Method("scaling by the norm", "x/sqrt(sum(x**2))"),
        only("scaling by the sum", "x/sum(x)"),
        only("the differences from the mean", "x - mean(x)"),
        only("a division by the deviation alone", "x/sqrt(mean((x - mean(x))**2))"),
        only("a division by the mean", "x/mean(x)", 0.5),
        only(
            "the differences from the median",
            "(x - (sort(x)[(len(x) - 1)//2] + sort(x)[len(x)//2])/2)/sqrt(mean((x - mean(x))**2))",
            1.0,
        ),
    ),
    other_axis="the same along the other axis",
)
NORMALISATIONS = Family(
    "other_normalisation",
    "another normalisation, as RMS norm for layer norm",
    ("x", "a"),
    NEAR,
    "torch.nn (LayerNorm, BatchNorm1d, RMSNorm); Zhang and Sennrich 2019 (RMSNorm). a is the epsilon.",
    (
        Method("layer norm", "(x - mean(x))/sqrt(mean((x - mean(x))**2) + a)"),
        Method("layer norm over n - 1", "(x - mean(x))/sqrt(sum((x - mean(x))**2)/(len(x) - 1) + a)"),
        Method("layer norm with epsilon outside of the root", "(x - mean(x))/(sqrt(mean((x - mean(x))**2)) + a)"),
        Method("RMS norm", "x/sqrt(mean(x**2) + a)"),
        only("RMS norm with epsilon outside of the root", "x/(sqrt(mean(x**2)) + a)"),
        only("a division by the norm", "x/sqrt(sum(x**2) + a)"),
        only("a division by the norm without epsilon", "x/sqrt(sum(x**2))", 0.5),
        only("layer norm without epsilon", "(x - mean(x))/sqrt(mean((x - mean(x))**2))"),
        only("a division by the variance", "(x - mean(x))/(mean((x - mean(x))**2) + a)"),
        only("a division without taking off the mean", "x/sqrt(mean((x - mean(x))**2) + a)"),
        only("the mean alone taken off", "x - mean(x)", 0.5),
    ),
    other_axis="the same along the other axis",
)
CROSS_ENTROPIES = Family(
    "other_loss",
    "another loss, as squared errors for a cross-entropy",
    ("x", "y"),
    NEAR,
    "torch.nn (BCELoss, MSELoss, L1Loss); Lin et al. 2017 (focal loss); Brier score. x is the target.",
    (
        Method("the cross-entropy of both classes", "x*log(y) + (1 - x)*log(1 - y)"),
        only("squared errors", "-(y - x)**2"),
        only("absolute errors", "-abs(y - x)"),
        only("the cross-entropy of one class", "x*log(y)"),
        only("a hinge loss", "-maximum(0, 1 - (2*x - 1)*(2*y - 1))", 1.0),
        only("target and prediction exchanged", "y*log(x) + (1 - y)*log(1 - x)", 0.5),
        only("the logarithm to base 2", "(x*log(y) + (1 - x)*log(1 - y))/log(2)"),
        only("a focal loss", "x*(1 - y)**2*log(y) + (1 - x)*y**2*log(1 - y)", 1.0),
        only("the wrong class", "(1 - x)*log(y) + x*log(1 - y)", 0.5),
    ),
    scaled=True,
)
DIVERGENCES = Family(
    "other_divergence",
    "another divergence, or the other direction of it",
    ("x", "y"),
    NEAR,
    "torch.nn.KLDivLoss (direction, reduction), scipy.stats.entropy, scipy.spatial.distance.jensenshannon.",
    (
        Method("the divergence", "sum(x*log(x/y))"),
        only("the divergence the other way", "sum(y*log(y/x))"),
        Method("the cross-entropy", "-sum(x*log(y))"),
        only("the cross-entropy the other way", "-sum(y*log(x))"),
        only(
            "the Jensen-Shannon divergence",
            "(sum(x*log(2*x/(x + y))) + sum(y*log(2*y/(x + y))))/2",
        ),
        only("the mean of both directions", "(sum(x*log(x/y)) + sum(y*log(y/x)))/2"),
        only("the sum of both directions", "sum(x*log(x/y)) + sum(y*log(y/x))"),
        only("the mean over the entries", "mean(x*log(x/y))"),
        only("the total variation", "sum(abs(x - y))/2"),
        only("the divergence in bits", "sum(x*log(x/y))/log(2)"),
        only("the entropy", "-sum(x*log(x))"),
        only("the negative cross-entropy", "sum(x*log(y))"),
        only("the sum of logarithms, not weighed", "sum(log(x/y))", 0.5),
        only("Hellinger's distance", "sqrt(sum((sqrt(x) - sqrt(y))**2)/2)", 0.5),
        only("the chi-squared distance", "sum((x - y)**2/y)", 0.5),
        only("squared differences", "sum((x - y)**2)", 0.5),
    ),
)
ENTROPIES = Family(
    "other_entropy",
    "another entropy or unit of it, as nats for bits",
    ("x",),
    NEAR,
    "scipy.stats.entropy (base); the Gini impurity of sklearn.tree; Renyi's entropies.",
    (
        Method("the entropy in nats", "-sum(x*log(x))"),
        Method("the entropy in bits", "-sum(x*log2(x))"),
        only("the entropy in digits", "-sum(x*log10(x))"),
        Method("the Gini impurity", "1 - sum(x**2)"),
        only("the entropy by that of equal fractions", "-sum(x*log(x))/log(len(x))"),
        only("the number of equally likely outcomes", "exp(-sum(x*log(x)))"),
        only("the logarithms averaged, not weighed", "-mean(log(x))"),
        only("the logarithms to base 2 averaged, not weighed", "-mean(log2(x))", 0.5),
        only("the largest entropy possible", "log(len(x))", 0.5),
        only("the largest entropy possible, in bits", "log2(len(x))", 0.5),
        only("the surprise of the likeliest", "-log(max(x))", 0.5),
        only("the surprise of the likeliest, in bits", "-log2(max(x))", 0.5),
        only("the sum of squares", "sum(x**2)"),
        only("the entropy without its minus sign", "sum(x*log2(x))"),
        only("the fraction of all but the largest", "1 - max(x)", 0.5),
    ),
)
MARGINS = Family(
    "other_loss",
    "another loss, as squared errors for a cross-entropy",
    ("x",),
    NEAR,
    "sklearn SGDClassifier (loss): hinge, squared_hinge, log_loss, perceptron, modified_huber. x is the margin.",
    (
        Method("the hinge loss", "maximum(0, 1 - x)"),
        Method("the squared hinge loss", "maximum(0, 1 - x)**2"),
        Method("the logistic loss", "log(1 + exp(-x))"),
        only("the perceptron loss", "maximum(0, -x)"),
        only("the squared loss", "(1 - x)**2"),
        only("the exponential loss", "exp(-x)"),
        only("the loss of whether it is wrong", "1*(x < 0)"),
        only("the loss without its bound", "1 - x", 0.5),
    ),
)
ROBUST = Family(
    "other_loss",
    "another loss, as squared errors for a cross-entropy",
    ("x", "a"),
    NEAR,
    "torch.nn (HuberLoss, SmoothL1Loss, MSELoss, L1Loss); Huber 1964; Charbonnier's loss. x is the error, a the limit.",
    (
        Method("the Huber loss", "where(abs(x) <= a, x**2/2, a*(abs(x) - a/2))"),
        Method("the smooth L1 loss", "where(abs(x) <= a, x**2/(2*a), abs(x) - a/2)"),
        only("half the squared error", "x**2/2"),
        only("the squared error", "x**2"),
        only("the absolute error", "abs(x)"),
        only("the linear part", "a*(abs(x) - a/2)"),
        only("the linear part without its factor", "where(abs(x) <= a, x**2/2, abs(x) - a/2)"),
        only("the squared part without its half", "where(abs(x) <= a, x**2, a*(abs(x) - a/2))"),
        only("the linear part without its constant", "where(abs(x) <= a, x**2/2, a*abs(x))"),
        only("the linear part as the absolute error", "where(abs(x) <= a, x**2/2, abs(x))"),
        only("the two parts exchanged", "where(abs(x) > a, x**2/2, a*(abs(x) - a/2))"),
        only("the pseudo-Huber loss", "a**2*(sqrt(1 + (x/a)**2) - 1)", 0.5),
        only("the logarithm of the hyperbolic cosine", "log(cosh(x))", 1.0),
    ),
)
ERRORS = Family(
    "other_error",
    "another measure of error, as MAE for RMSE",
    ("x", "y"),
    NEAR,
    "sklearn.metrics (mean_absolute_percentage_error, r2_score, root_mean_squared_error, median_absolute_error).",
    (
        Method("the mean relative error", "mean(abs((x - y)/x))"),
        only("the error relative to the prediction", "mean(abs((x - y)/y))"),
        only("the symmetric relative error", "mean(2*abs(x - y)/(abs(x) + abs(y)))"),
        only("the total error by the total", "sum(abs(x - y))/sum(abs(x))"),
        only("the relative error with its sign", "mean((x - y)/x)"),
        only("the mean absolute error", "mean(abs(x - y))"),
        Method("the fraction of the variance explained", "1 - sum((x - y)**2)/sum((x - mean(x))**2)"),
        only("the fraction of the variance left", "sum((x - y)**2)/sum((x - mean(x))**2)"),
        only("deviations from the mean of the predictions", "1 - sum((x - y)**2)/sum((y - mean(y))**2)"),
        only("the deviations of the predictions", "sum((y - mean(x))**2)/sum((x - mean(x))**2)"),
        only("the root of the mean squared error", "sqrt(mean((x - y)**2))", 0.5),
        only("the mean squared error", "mean((x - y)**2)", 0.5),
    ),
)
CHI_SQUARED = Family(
    "other_statistic",
    "another statistic of a test",
    ("x", "y"),
    NEAR,
    "scipy.stats (chisquare, power_divergence: Pearson, Neyman, log-likelihood; Yates' correction).",
    (
        Method("the chi-squared statistic", "sum((x - y)**2/y)"),
        only("the division by what was observed", "sum((x - y)**2/x)"),
        only("absolute differences", "sum(abs(x - y)/y)"),
        only("Yates' correction", "sum((abs(x - y) - 0.5)**2/y)"),
        only("the G statistic", "2*sum(x*log(x/y))"),
        only("no division", "sum((x - y)**2)"),
        only("a division by the total", "sum((x - y)**2)/sum(y)"),
        only("squared relative differences", "sum(((x - y)/y)**2)"),
        only("the mean", "mean((x - y)**2/y)", 0.5),
        only("the square root", "sqrt(sum((x - y)**2/y))", 0.5),
        only("differences that are not squared", "sum((x - y)/sqrt(y))", 0.5),
    ),
)
T_STATISTICS = Family(
    "other_statistic",
    "another statistic of a test",
    ("x", "a"),
    NEAR,
    "scipy.stats.ttest_1samp (ddof 1); the z statistic; Cohen's d.",
    (
        Method("the t statistic", "(mean(x) - a)/sqrt(sum((x - mean(x))**2)/(len(x) - 1)/len(x))"),
        only("the deviation over n", "(mean(x) - a)/sqrt(mean((x - mean(x))**2)/len(x))", 0.5),
        Method("the effect size", "(mean(x) - a)/sqrt(sum((x - mean(x))**2)/(len(x) - 1))"),
        only("a division by n, not by its root", "(mean(x) - a)/(sqrt(sum((x - mean(x))**2)/(len(x) - 1))/len(x))"),
        only("the variance for the deviation", "(mean(x) - a)/(sum((x - mean(x))**2)/(len(x) - 1)/sqrt(len(x)))"),
        only("the difference alone", "mean(x) - a"),
    ),
)
TWO_SAMPLES = Family(
    "other_statistic",
    "another statistic of a test",
    ("x", "y"),
    NEAR,
    "scipy.stats.ttest_ind (equal_var) and ttest_rel; Cohen's d (any text on statistics).",
    (
        Method(
            "unequal variances",
            "(mean(x) - mean(y))/sqrt(sum((x - mean(x))**2)/(len(x) - 1)/len(x)"
            " + sum((y - mean(y))**2)/(len(y) - 1)/len(y))",
        ),
        Method(
            "a pooled variance",
            "(mean(x) - mean(y))/sqrt((sum((x - mean(x))**2) + sum((y - mean(y))**2))"
            "/(len(x) + len(y) - 2)*(1/len(x) + 1/len(y)))",
        ),
        only(
            "variances over n",
            "(mean(x) - mean(y))/sqrt(mean((x - mean(x))**2)/len(x) + mean((y - mean(y))**2)/len(y))",
            0.5,
        ),
        only(
            "the effect size",
            "(mean(x) - mean(y))/sqrt((sum((x - mean(x))**2) + sum((y - mean(y))**2))/(len(x) + len(y) - 2))",
        ),
        only("the difference of the means alone", "mean(x) - mean(y)"),
        only(
            "the mean of the variances",
            "(mean(x) - mean(y))/sqrt((sum((x - mean(x))**2)/(len(x) - 1) + sum((y - mean(y))**2)/(len(y) - 1))/2)",
            0.5,
        ),
    ),
)
PROPORTIONS = Family(
    "other_spread",
    "another measure of spread, as that of a population for a sample's",
    ("x", "a"),
    NEAR,
    "The standard error of a proportion (any text on statistics; statsmodels proportion_confint).",
    (
        Method("the standard error of a proportion", "sqrt(x*(1 - x)/a)"),
        only("the root left out", "x*(1 - x)/a"),
        only("n - 1 for n", "sqrt(x*(1 - x)/(a - 1))", 0.5),
        only("the deviation by n, not by its root", "sqrt(x*(1 - x))/a"),
        only("the deviation of one", "sqrt(x*(1 - x))"),
        only("the deviation of the count", "sqrt(x*(1 - x)*a)"),
        only("the proportion as a count", "sqrt(x/a)"),
        only("the largest that it can be", "sqrt(0.25/a)", 0.5),
    ),
    scaled=True,
)
GATES = Family(
    "other_squashing",
    "another squashing function, as a hard sigmoid",
    ("x",),
    APART,
    "torch.nn (Sigmoid, Hardsigmoid: x/6 + 1/2, Tanh), keras.activations.hard_sigmoid (0.2*x + 0.5 before Keras 3, "
    "keras-team/keras#19477); "
    "probit and complementary log-log links (statsmodels).",
    (
        Method("a sigmoid", "1/(1 + exp(-x))"),
        Method("a hard sigmoid", "clip(x/6 + 0.5, 0, 1)"),
        Method("a hard sigmoid of factor 0.2", "clip(0.2*x + 0.5, 0, 1)"),
        Method("a normal distribution", "0.5*(1 + erf(x/sqrt(2)))"),
        only("a tanh from 0 to 1", "(1 + tanh(x))/2"),
        only("a tanh", "tanh(x)", -1.0),
        only("an unbounded exponential", "exp(x)"),
        only("odds divided by 1 less themselves", "exp(x)/(1 - exp(x))", 0.5),
        only("one minus the exponential of the exponential", "1 - exp(-exp(x))", 0.5),
        only("only whether it is positive", "1*(x > 0)"),
    ),
)
RECTIFIERS = Family(
    "other_rectifier",
    "another rectifier, as ReLU for GELU",
    ("x",),
    APART,
    "torch.nn (GELU, approximate='tanh'; SiLU, Mish, ELU, LeakyReLU 0.01, Softplus, Hardswish, ReLU6); "
    "Hendrycks and Gimpel 2016 (both approximations of GELU); keras LeakyReLU (0.3).",
    (
        Method("a ReLU", "maximum(x, 0)"),
        Method("a GELU", "0.5*x*(1 + erf(x/sqrt(2)))"),
        Method("the tanh form of GELU", "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))"),
        Method("the sigmoid form of GELU", "x/(1 + exp(-1.702*x))"),
        Method("a SiLU", "x/(1 + exp(-x))"),
        Method("a softplus", "log(1 + exp(x))"),
        Method("an ELU", "where(x > 0, x, exp(x) - 1)"),
        Method("a leaky ReLU of factor 0.01", "where(x > 0, x, 0.01*x)"),
        only("a leaky ReLU of factor 0.1", "where(x > 0, x, 0.1*x)", 0.5),
        only("a leaky ReLU of factor 0.2", "where(x > 0, x, 0.2*x)", 0.5),
        only("a leaky ReLU of factor 0.3", "where(x > 0, x, 0.3*x)", 0.5),
        only("a Mish", "x*tanh(log(1 + exp(x)))", 0.5),
        only("a hard swish", "x*clip(x/6 + 0.5, 0, 1)", 0.5),
        only("a SELU", "1.0507009873554805*where(x > 0, x, 1.6732632423543772*(exp(x) - 1))", 0.5),
        only("a sigmoid", "1/(1 + exp(-x))"),
        only("a softplus of twice its argument", "log(1 + exp(2*x))/2", 1.0),
        only("no function", "x"),
    ),
)
SLOPED = Family(
    "other_rectifier",
    "another rectifier, as ReLU for GELU",
    ("x", "a"),
    APART,
    "torch.nn (ELU, LeakyReLU, PReLU, CELU).",
    (
        Method("an ELU", "where(x > 0, x, a*(exp(x) - 1))"),
        Method("a leaky ReLU", "where(x > 0, x, a*x)"),
        Method("a CELU", "where(x > 0, x, a*(exp(x/a) - 1))"),
        only("a ReLU", "maximum(x, 0)"),
        only("an ELU of factor 1", "where(x > 0, x, exp(x) - 1)"),
        only("the factor on the other side", "where(x > 0, a*x, x)"),
        only("a SELU", "1.0507009873554805*where(x > 0, x, 1.6732632423543772*(exp(x) - 1))", 0.5),
        only("an exponential without its constant", "where(x > 0, x, a*exp(x))"),
        only("a SiLU", "x/(1 + exp(-x))", 0.5),
    ),
)
BOUNDED = Family(
    "other_squashing",
    "another squashing function, as a hard sigmoid",
    ("x",),
    APART,
    "torch.nn (Tanh, Hardtanh, Softsign, Sigmoid); keras.activations.",
    (
        Method("a tanh", "tanh(x)"),
        Method("a softsign", "x/(1 + abs(x))"),
        Method("a hard tanh", "clip(x, -1, 1)"),
        only("an arc tangent", "arctan(x)", 0.5),
        only("an error function", "erf(x)", 0.5),
        only("a sigmoid", "1/(1 + exp(-x))", -1.0),
        only("a sigmoid from -1 to 1", "2/(1 + exp(-x)) - 1", 0.5),
    ),
)
SCHEDULES = Family(
    "other_schedule",
    "another schedule, as linear for a cosine",
    ("x",),
    NEAR,
    "torch.optim.lr_scheduler (CosineAnnealingLR, LinearLR, PolynomialLR). x is pi*t/T.",
    (
        Method("a cosine schedule", "(1 + cos(x))/2"),
        only("a linear schedule", "1 - x/pi"),
        only("a quarter of a period", "cos(x/2)"),
        only("a whole period", "(1 + cos(2*x))/2"),
        only("a cosine that is not lifted", "cos(x)"),
        only("a quadratic schedule", "(1 - x/pi)**2", 0.5),
        only("a cosine that rises", "(1 - cos(x))/2"),
        only("a period of which pi is missing", "(1 + cos(x/pi))/2"),
        only("a cubic schedule", "1 - (x/pi)**2*(3 - 2*x/pi)", 1.0),
    ),
    scaled=True,
)
DECAY = ("half", "decay", "life", "lives", "time", "hour", "minute", "day", "year", "dose", "period")
HALVINGS = Family(
    "other_decay",
    "half-life and time constant confused, or another law of decay",
    ("x",),
    NEAR,
    "Half-life and mean lifetime (any text on physics); linear and hyperbolic decay.",
    (
        Method("a half-life", "0.5**x"),
        only("a time constant", "exp(-x)"),
        only("a linear decay", "1 - x/2"),
        only("what has decayed", "1 - 0.5**x"),
        only("growth for decay", "2**x"),
        only("the ratio inverted", "0.5**(1/x)"),
        only("a hyperbolic decay", "1/(1 + x)", 0.5),
        only("a product, not a power", "0.5*x", 0.5),
        only("the rate log(2) twice", "exp(-x*log(2)**2)", 1.0),
    ),
    told_of=DECAY,
)
PERIODS = Family(
    "other_decay",
    "half-life and time constant confused, or another law of decay",
    ("x",),
    NEAR,
    "Half-life and mean lifetime (any text on physics): exp(-log(2)*t/T).",
    (
        Method("a half-life", "exp(-log(2)*x)"),
        only("a time constant", "exp(-x)"),
        only("a linear decay", "1 - x/2"),
        only("growth for decay", "exp(log(2)*x)"),
        only("a division by log(2)", "exp(-x/log(2))"),
        only("the ratio inverted", "exp(-log(2)/x)"),
    ),
    told_of=DECAY,
)
F_SCORES = Family(
    "other_average_of_rates",
    "another average of precision and recall",
    ("x", "y"),
    NEAR,
    "sklearn.metrics (fbeta_score, jaccard_score); van Rijsbergen 1979. x and y are precision and recall.",
    (
        Method("the harmonic mean", "2*x*y/(x + y)"),
        only("the plain mean", "(x + y)/2"),
        only("the geometric mean", "sqrt(x*y)"),
        only("the product", "x*y"),
        only("the product by the sum, without 2", "x*y/(x + y)"),
        only("the score that weighs the second twice", "5*x*y/(4*x + y)"),
        only("the score that weighs the second half", "1.25*x*y/(0.25*x + y)"),
        only("the ratio of what both have", "x*y/(x + y - x*y)", 0.5),
        only("the smaller one", "minimum(x, y)", 0.5),
        only("the sum", "x + y", 0.5),
    ),
)
MACRO = Family(
    "other_average_of_classes",
    "another average over classes, as micro for macro",
    ("x", "y", "z"),
    NEAR,
    "sklearn.metrics.f1_score (average: macro, micro, weighted). x, y, z: hits, false alarms, misses.",
    (
        Method("the mean over the classes", "mean(2*x/(2*x + y + z))"),
        Method("the score of all together", "2*sum(x)/(2*sum(x) + sum(y) + sum(z))"),
        only("the score of the mean precision and recall", "2*mean(x/(x + y))*mean(x/(x + z))"
             "/(mean(x/(x + y)) + mean(x/(x + z)))"),
        only("the mean weighed by the true counts", "sum((x + z)*2*x/(2*x + y + z))/sum(x + z)"),
        only("the mean weighed by the predicted counts", "sum((x + y)*2*x/(2*x + y + z))/sum(x + y)", 0.5),
        only("the mean of what both have", "mean(x/(x + y + z))"),
        only("the mean of precision and recall", "mean((x/(x + y) + x/(x + z))/2)"),
        only("the mean precision", "mean(x/(x + y))"),
        only("the mean recall", "mean(x/(x + z))"),
    ),
)  # fmt: skip
SMOOTHING = Family(
    "other_smoothing",
    "another smoothing of counts, or none",
    ("x", "a"),
    NEAR,
    "Add-one and add-k smoothing (Jurafsky and Martin, ch. 3); sklearn MultinomialNB (alpha).",
    (
        Method("add-one smoothing", "(x + 1)/(sum(x) + a)"),
        only("no smoothing", "x/sum(x)"),
        only("a half added", "(x + 0.5)/(sum(x) + a/2)"),
        only("1 added above alone", "(x + 1)/sum(x)"),
        only("1 added above and below", "(x + 1)/(sum(x) + 1)"),
        only("the number of entries below alone", "x/(sum(x) + a)"),
        only("fractions of the number of entries", "(x + 1)/a", 0.5),
    ),
)
SMOOTHED_TARGETS = Family(
    "other_smoothing",
    "another smoothing of counts, or none",
    ("x", "a", "b"),
    NEAR,
    "Label smoothing: Szegedy et al. 2016; torch.nn.CrossEntropyLoss (label_smoothing); Mueller et al. 2019.",
    (
        Method("smoothing over all", "x*(1 - a) + a/b"),
        only("smoothing over the others", "x*(1 - a) + (1 - x)*a/(b - 1)"),
        only("the whole fraction for each", "x*(1 - a) + a"),
        only("the fraction of the others for all", "x*(1 - a) + a/(b - 1)"),
        only("no smoothing", "x"),
        only("the complement left out", "x + a/b"),
        only("targets scaled alone", "x*(1 - a)"),
    ),
)
GREEDY = Family(
    "other_smoothing",
    "another smoothing of counts, or none",
    ("a", "b"),
    NEAR,
    "Epsilon-greedy choice (Sutton and Barto, ch. 2): the greedy action may be drawn at random as well.",
    (
        Method("a fraction for the best too", "1 - a + a/b"),
        only("no fraction for the best", "1 - a"),
        only("the fraction of one", "a/b"),
        only("fractions of the others alone", "1 - a + a/(b - 1)"),
    ),
)
DROPOUT = Family(
    "other_dropout",
    "another scale of dropout",
    ("x", "y", "a"),
    NEAR,
    "torch.nn.Dropout (inverted: by 1/(1 - p) in training); Srivastava et al. 2014 (scaled at test).",
    (
        Method("inverted dropout", "x*y/(1 - a)"),
        only("dropout without a scale", "x*y"),
        only("a division by the rate", "x*y/a"),
        only("a product with what is kept", "x*y*(1 - a)"),
        only("a product with the rate", "x*y*a", 0.5),
        only("the mask inverted", "x*(1 - y)/(1 - a)"),
        only("no mask", "x/(1 - a)", 0.5),
    ),
)
INITIALISATIONS = Family(
    "other_initialisation",
    "another initialisation, as He for Glorot",
    ("a", "b"),
    NEAR,
    "torch.nn.init (xavier_uniform_, xavier_normal_, kaiming_uniform_, kaiming_normal_); LeCun et al. 1998.",
    (
        Method("Glorot's uniform limit", "sqrt(6/(a + b))"),
        Method("Glorot's standard deviation", "sqrt(2/(a + b))"),
        only("He's standard deviation", "sqrt(2/a)"),
        only("He's standard deviation by the outputs", "sqrt(2/b)", 0.5),
        only("He's uniform limit", "sqrt(6/a)"),
        only("LeCun's standard deviation", "sqrt(1/a)"),
        only("the variance", "2/(a + b)"),
        only("the root left out", "6/(a + b)"),
        only("the product of both sizes", "sqrt(6/(a*b))", 0.5),
    ),
)
INITIALISATION_OF_ONE = Family(
    "other_initialisation",
    "another initialisation, as He for Glorot",
    ("a",),
    NEAR,
    "torch.nn.init (kaiming_uniform_: sqrt(6/fan_in), kaiming_normal_: sqrt(2/fan_in)); torch.nn.Linear (1/sqrt).",
    (
        Method("He's standard deviation", "sqrt(2/a)"),
        only("LeCun's standard deviation", "sqrt(1/a)"),
        Method("He's uniform limit", "sqrt(6/a)"),
        Method("LeCun's uniform limit", "sqrt(3/a)"),
        only("the variance", "2/a"),
        only("a limit by the number alone", "1/a", 0.5),
    ),
)
TF_IDF = Family(
    "other_idf",
    "another inverse document frequency",
    ("a", "x"),
    NEAR,
    "sklearn TfidfTransformer (smooth_idf: log((1 + n)/(1 + df)) + 1; log(n/df) + 1); Manning et al. 2008 (base 10); "
    "Robertson and Zaragoza 2009 (BM25), and Lucene (1 added inside).",
    (
        Method("the plain logarithm of the ratio", "log(a/x)"),
        Method("1 added to the logarithm", "log(a/x) + 1"),
        Method("the smoothed logarithm", "log((1 + a)/(1 + x)) + 1"),
        Method("the smoothed logarithm without 1", "log((1 + a)/(1 + x))"),
        Method("1 added below", "log(a/(1 + x))"),
        Method("the form of BM25", "log((a - x + 0.5)/(x + 0.5))"),
        Method("the form of BM25 with 1 added inside", "log(1 + (a - x + 0.5)/(x + 0.5))"),
        only("1 added inside", "log(1 + a/x)"),
        only("the logarithm to base 10", "log10(a/x)"),
        only("the logarithm to base 2", "log2(a/x)"),
        only("the probabilistic form", "log((a - x)/x)", 0.5),
        only("the ratio alone", "a/x"),
    ),
    words=("document", "term", "df", "corpus"),
    needed=True,
)
GAINS = Family(
    "other_gain",
    "another gain or discount of a ranking",
    ("x", "y"),
    NEAR,
    "sklearn.metrics.dcg_score (linear gain); Burges et al. 2005 (exponential gain). x: relevance, y: rank from 1.",
    (
        Method("the exponential gain", "(2**x - 1)/log2(y + 1)"),
        Method("the linear gain", "x/log2(y + 1)"),
        only("the natural logarithm", "x/log(y + 1)"),
        only("the natural logarithm below the exponential gain", "(2**x - 1)/log(y + 1)"),
        only("ranks from 2", "x/log2(y + 2)"),
        only("ranks from 2 below the exponential gain", "(2**x - 1)/log2(y + 2)"),
        only("a division by the rank", "x/y"),
        only("the exponential gain by the rank", "(2**x - 1)/y"),
        only("no discount", "x", 0.5),
    ),
)
INFORMATION = Family(
    "other_information",
    "another measure of association of two events",
    ("x", "y", "z"),
    NEAR,
    "Pointwise mutual information (Church and Hanks 1990), normalised (Bouma 2009), positive. x is the joint fraction.",
    (
        Method("the information in bits", "log2(x/(y*z))"),
        Method("the information in nats", "log(x/(y*z))"),
        only("the ratio alone", "x/(y*z)"),
        only("the normalised information", "log(x/(y*z))/(-log(x))"),
        only("the information weighed", "x*log2(x/(y*z))"),
        only("the information, no less than 0", "maximum(0, log2(x/(y*z)))"),
        only("the information to base 10", "log10(x/(y*z))"),
        only("a sum for the product", "log2(x/(y + z))"),
        only("one of the fractions left out", "log2(x/y)", 0.5),
        only("the fractions the other way", "log2(y*z/x)"),
        only("the difference from independence", "x - y*z", 0.5),
    ),
)
BOUNDS = Family(
    "other_bonus",
    "another bonus for what was tried seldom",
    ("a", "b"),
    NEAR,
    "Auer et al. 2002 (UCB1): sqrt(2 ln t/n); Sutton and Barto, ch. 2: c*sqrt(ln t/n).",
    (
        Method("the bonus of UCB1", "sqrt(2*log(a)/b)"),
        Method("the bonus without 2", "sqrt(log(a)/b)"),
        only("the root left out", "2*log(a)/b"),
        only("the root of the logarithm alone", "sqrt(2*log(a))/b"),
        only("the logarithm of the own count", "sqrt(2*log(b)/b)"),
        only("counts exchanged", "sqrt(2*log(b)/a)"),
        only("the logarithm to base 10", "sqrt(2*log10(a)/b)"),
        only("the logarithm to base 2", "sqrt(2*log2(a)/b)"),
        only("1 added to the count", "sqrt(2*log(a)/(b + 1))", 0.5),
        only("the logarithm left out", "sqrt(2*a/b)", 0.5),
    ),
)
KERNELS = Family(
    "other_kernel",
    "another kernel or width of it",
    ("x", "a"),
    NEAR,
    "sklearn.gaussian_process.kernels (RBF, Matern, RationalQuadratic), rbf_kernel (gamma). x: distance.",
    (
        Method("a Gaussian of that deviation", "exp(-x**2/(2*a**2))"),
        Method("a Gaussian without 2", "exp(-x**2/a**2)"),
        Method("a Gaussian of that rate", "exp(-a*x**2)"),
        Method("a Gaussian of that variance", "exp(-x**2/(2*a))"),
        Method("a Laplace kernel", "exp(-abs(x)/a)"),
        only("a product with the deviation", "exp(-x**2*a**2/2)", 0.5),
        only("the distance not squared", "exp(-abs(x)/(2*a**2))"),
        only("a rational kernel", "1/(1 + x**2/(2*a**2))", 0.5),
    ),
)
KERNELS_OF_SQUARES = Family(
    "other_kernel",
    "another kernel or width of it",
    ("x", "a"),
    NEAR,
    "sklearn.metrics.pairwise (rbf_kernel, laplacian_kernel). x: squared distance.",
    (
        Method("a Gaussian of that deviation", "exp(-x/(2*a**2))"),
        only("a Gaussian without 2", "exp(-x/a**2)"),
        only("a Gaussian of that variance", "exp(-x/(2*a))"),
        only("a Gaussian of that rate", "exp(-a*x)"),
        only("a Laplace kernel", "exp(-sqrt(x)/a)"),
        only("the root of the distance in the Gaussian", "exp(-sqrt(x)/(2*a**2))"),
        only("a rational kernel", "1/(1 + x/(2*a**2))", 0.5),
    ),
)
DENSITIES = Family(
    "other_density",
    "another density, or one that is not normalised",
    ("x", "a"),
    NEAR,
    "scipy.stats (norm, laplace, cauchy, logistic). x: distance from the mean, a: the deviation.",
    (
        Method("the normal density", "exp(-x**2/(2*a**2))/(a*sqrt(2*pi))"),
        Method("the normal density of that variance", "exp(-x**2/(2*a))/sqrt(2*pi*a)"),
        only("the density without its constant", "exp(-x**2/(2*a**2))"),
        only("a constant without the deviation", "exp(-x**2/(2*a**2))/sqrt(2*pi)"),
        only("a constant without the root", "exp(-x**2/(2*a**2))/(2*pi*a)"),
        only("the density without the half", "exp(-x**2/a**2)/(a*sqrt(2*pi))"),
        only("a constant with the variance", "exp(-x**2/(2*a**2))/(a**2*sqrt(2*pi))"),
        only("the deviation under the root", "exp(-x**2/(2*a**2))/sqrt(2*pi*a)"),
        only("the Laplace density", "exp(-abs(x)/a)/(2*a)", 0.5),
        only("the logarithm of the density", "-x**2/(2*a**2) - log(a*sqrt(2*pi))", 0.5),
        only("the distribution function", "0.5*(1 + erf(x/(a*sqrt(2))))", 0.5),
    ),
)
DISTRIBUTIONS = Family(
    "other_density",
    "another density, or one that is not normalised",
    ("x",),
    NEAR,
    "scipy.stats.norm (pdf, cdf, sf); the error function (any text on statistics).",
    (
        Method("the distribution function", "0.5*(1 + erf(x/sqrt(2)))"),
        Method("the upper tail", "0.5*(1 - erf(x/sqrt(2)))"),
        only("the error function alone", "erf(x/sqrt(2))"),
        only("the root of 2 left out", "0.5*(1 + erf(x))"),
        only("the density", "exp(-x**2/2)/sqrt(2*pi)"),
        only("a sigmoid", "1/(1 + exp(-x))"),
        only("both tails", "1 - erf(abs(x)/sqrt(2))", 0.5),
    ),
)
ODDS = Family(
    "other_odds",
    "odds, probabilities and logits confused",
    ("x",),
    NEAR,
    "Odds, log-odds and probit (any text on logistic regression; scipy.special.logit).",
    (
        Method("the logit", "log(x/(1 - x))"),
        only("the logarithm of the probability", "log(x)"),
        only("the odds", "x/(1 - x)"),
        only("the logit to base 10", "log10(x/(1 - x))"),
        only("the logit to base 2", "log2(x/(1 - x))"),
        only("the logarithm of the odds against", "log((1 - x)/x)"),
        only("half of the logit", "0.5*log(x/(1 - x))", 0.5),
        only("the complementary log-log", "log(-log(1 - x))", 0.5),
        only("a sigmoid", "1/(1 + exp(-x))", 0.5),
    ),
)
DRAWS = Family(
    "other_draw",
    "draws with and without replacement confused",
    ("a", "b"),
    NEAR,
    "The hypergeometric and the binomial distribution, two draws (any text on probability).",
    (
        Method("draws without replacement", "a*(a - 1)/(b*(b - 1))"),
        Method("draws with replacement", "(a/b)**2"),
        only("the count of all left as it is", "a*(a - 1)/b**2"),
        only("the count of those left as it is", "a**2/(b*(b - 1))"),
        only("at least one", "1 - (b - a)*(b - a - 1)/(b*(b - 1))"),
        only("exactly one", "2*a*(b - a)/(b*(b - 1))"),
        only("none", "(b - a)*(b - a - 1)/(b*(b - 1))"),
        only("one draw", "a/b"),
        only("a sum for the product", "a/b + (a - 1)/(b - 1)"),
        only("at least one, with replacement", "1 - ((b - a)/b)**2", 0.5),
    ),
)
TOGETHER = Family(
    "other_union",
    "probabilities of both, of one, and of either confused",
    ("x", "y"),
    NEAR,
    "Unions of independent events (any text on probability).",
    (
        Method("either", "x + y - x*y"),
        only("the sum", "x + y"),
        only("both", "x*y"),
        only("exactly one", "x + y - 2*x*y"),
        only("the larger one", "maximum(x, y)", 0.5),
        only("neither", "(1 - x)*(1 - y)"),
    ),
)
REPEATED = Family(
    "other_union",
    "probabilities of both, of one, and of either confused",
    ("x", "a"),
    NEAR,
    "At least one success in n trials (any text on probability).",
    (
        Method("at least one", "1 - (1 - x)**a"),
        only("all", "x**a"),
        only("none", "(1 - x)**a"),
        only("the sum", "a*x"),
        only("at least one failure", "1 - x**a"),
        only("one trial less", "1 - (1 - x)**(a - 1)"),
        only("exactly one", "a*x*(1 - x)**(a - 1)"),
        only("the first at the last trial", "x*(1 - x)**(a - 1)", 0.5),
        only("an exponential", "1 - exp(-a*x)", 0.5),
    ),
)
SOFTMAXES = Family(
    "other_softmax",
    "another function for a softmax",
    ("x",),
    APART,
    "torch.nn (Softmax, LogSoftmax, Softmin, Sigmoid); sparsemax is none of these.",
    (
        Method("a softmax", "softmax(x)"),
        only("a softmax to base 2", "2**x/sum(2**x)"),
        only("a sigmoid of each", "1/(1 + exp(-x))"),
        only("fractions of the numbers themselves", "x/sum(x)"),
        only("a softmax of the negative numbers", "exp(-x)/sum(exp(-x))"),
        only("exponentials by the largest", "exp(x)/max(exp(x))"),
        only("exponentials by their norm", "exp(x)/sqrt(sum(exp(x)**2))"),
        only("exponentials, not divided", "exp(x)"),
        only("only the largest", "1*(x == max(x))", 0.5),
        only("fractions of the squares", "x**2/sum(x**2)", 0.5),
    ),
)
TOTALS = Family(
    "other_total",
    "another total of logits, as the largest",
    ("x",),
    NEAR,
    "scipy.special.logsumexp; torch.logsumexp.",
    (
        Method("the logarithm of the summed exponentials", "log(sum(exp(x)))"),
        only("the largest", "max(x)"),
        only("the sum", "sum(x)"),
        only("the logarithm of their mean", "log(mean(exp(x)))"),
        only("the logarithm of the sum", "log(sum(x))"),
        only("the summed exponentials", "sum(exp(x))"),
        only("the logarithm to base 2", "log2(sum(exp(x)))", 0.5),
    ),
)
CLIPPED = Family(
    "other_clipping",
    "another way to clip, as by entry for by norm",
    ("x", "a"),
    NEAR,
    "torch.nn.utils (clip_grad_norm_, clip_grad_value_); Pascanu et al. 2013.",
    (
        Method("clipping by the norm", "x*minimum(1, a/sqrt(sum(x**2)))"),
        only("clipping of each entry", "clip(x, -a, a)"),
        only("a scale to the limit, always", "x*a/sqrt(sum(x**2))"),
        only("clipping by the sum of squares", "x*minimum(1, a/sum(x**2))"),
        only("clipping by the sum of absolute values", "x*minimum(1, a/sum(abs(x)))"),
        only("clipping by the largest entry", "x*minimum(1, a/max(abs(x)))"),
        only("a unit vector", "x/sqrt(sum(x**2))"),
        only("the larger of both factors", "x*maximum(1, a/sqrt(sum(x**2)))", 0.5),
        only("no clipping", "x"),
    ),
)
LEVELS = Family(
    "other_level",
    "another unit of a level, as of amplitudes for powers",
    ("x",),
    NEAR,
    "Decibels of powers (10) and of amplitudes (20), bels, nepers (ISO 80000-8).",
    (
        Method("decibels of powers", "10*log10(x)"),
        Method("decibels of amplitudes", "20*log10(x)"),
        only("bels", "log10(x)"),
        only("10 natural logarithms", "10*log(x)"),
        only("20 natural logarithms", "20*log(x)", 0.5),
        only("10 logarithms to base 2", "10*log2(x)", 0.5),
        only("nepers", "log(x)/2", 0.5),
        only("the natural logarithm", "log(x)"),
    ),
)
ROTATIONS = Family(
    "other_rotation",
    "another layout of a rotary embedding",
    ("x", "y", "z"),
    NEAR,
    "Su et al. 2021 (pairs side by side), and rotate_half in transformers (halves; issue 25199 there).",
    (
        Method(
            "halves",
            "concat(x[:len(y)]*y - x[len(y):]*z, x[:len(y)]*z + x[len(y):]*y)",
        ),
        Method(
            "pairs side by side",
            "ravel(stack(x[0::2]*y - x[1::2]*z, x[0::2]*z + x[1::2]*y, axis=1))",
        ),
        only("pairs side by side, joined as halves", "concat(x[0::2]*y - x[1::2]*z, x[0::2]*z + x[1::2]*y)"),
        only(
            "halves turned the other way",
            "concat(x[:len(y)]*y + x[len(y):]*z, x[len(y):]*y - x[:len(y)]*z)",
        ),
        only(
            "pairs turned the other way",
            "ravel(stack(x[0::2]*y + x[1::2]*z, x[1::2]*y - x[0::2]*z, axis=1))",
        ),
    ),
)
WARM_UPS = Family(
    "other_schedule",
    "another schedule, as linear for a cosine",
    ("x", "a"),
    NEAR,
    "Vaswani et al. 2017, section 5.3 (inverse square root after a warm-up); linear warm-up (transformers). x: update.",
    (
        Method("the smaller of both", "minimum(x**(-0.5), x*a**(-1.5))"),
        only("the falling part alone", "x**(-0.5)"),
        only("the rising part alone", "x*a**(-1.5)"),
        only("the larger of both", "maximum(x**(-0.5), x*a**(-1.5))"),
        only("a linear warm-up", "minimum(1, x/a)"),
        only("both counts exchanged in the rising part", "a*x**(-1.5)"),
        only("the counts exchanged", "minimum(a**(-0.5), a*x**(-1.5))"),
        only("a linear warm-up to the falling part", "minimum(x**(-0.5), x/a)"),
    ),
    scaled=True,
)
RATIOS = Family(
    "other_mean_of_ratios",
    "the mean of ratios and the ratio of means confused",
    ("x", "y"),
    NEAR,
    "Mean of ratios, ratio of sums, geometric mean of ratios (Papineni et al. 2002, BLEU; Fleming and Wallace 1986).",
    (
        Method("the geometric mean of the ratios", "exp(mean(log(x/y)))"),
        Method("the geometric mean of the ratios", "prod(x/y)**(1/len(x))"),
        Method("the mean of the ratios", "mean(x/y)"),
        only("the ratio of the sums", "sum(x)/sum(y)"),
        only("the harmonic mean of the ratios", "len(x)/sum(y/x)"),
        only("the product of the ratios", "prod(x/y)"),
        only("the sum of the ratios", "sum(x/y)", 0.5),
        only("the last ratio", "x[-1]/y[-1]", 0.5),
        only("the first ratio", "x[0]/y[0]", 0.5),
        only("the mean of the logarithms", "mean(log(x/y))", 0.5),
    ),
)
FRACTIONS = Family(
    "other_interpolation",
    "another interpolation, as smooth for linear",
    ("x", "y", "z"),
    NEAR,
    "Linear, cosine and smoothstep interpolation (Perlin 1985; the smoothstep of GLSL); numpy.interp.",
    (
        Method("the fraction of the way", "(x - y)/(z - y)"),
        only("a smooth step", "((x - y)/(z - y))**2*(3 - 2*(x - y)/(z - y))"),
        only("half of a cosine", "(1 - cos(pi*(x - y)/(z - y)))/2"),
        only("the fraction that is left", "(z - x)/(z - y)"),
        only("the fraction of the end", "(x - y)/z"),
        only("the fraction by what is left", "(x - y)/(z - x)"),
        only("the nearer end", "round((x - y)/(z - y))"),
    ),
)
INTERPOLATIONS = Family(
    "other_interpolation",
    "another interpolation, as smooth for linear",
    ("x", "y", "z"),
    NEAR,
    "Linear and logarithmic interpolation (numpy.interp of values and of their logarithms).",
    (
        Method("linear interpolation", "y + x*(z - y)"),
        only("geometric interpolation", "y**(1 - x)*z**x"),
        only("harmonic interpolation", "1/((1 - x)/y + x/z)", 0.5),
        only("the middle", "(y + z)/2"),
        only("the weights exchanged", "z + x*(y - z)"),
    ),
    words=("interpol", "between", "knot", "grid point", "known point", "left end", "right end"),
    needed=True,
)
PARALLEL = Family(
    "other_total_of_two",
    "another total of two, as in series for parallel",
    ("x", "y"),
    NEAR,
    "Resistors in parallel and in series (any text on physics).",
    (
        Method("both in parallel", "x*y/(x + y)"),
        only("both in series", "x + y"),
        only("the sum of the reciprocals", "1/x + 1/y"),
        only("the harmonic mean", "2*x*y/(x + y)"),
        only("the plain mean", "(x + y)/2"),
    ),
)
OVERLAPS = Family(
    "other_overlap",
    "another measure of overlap",
    ("x", "y", "z"),
    NEAR,
    "Jaccard's index (intersection over union), Dice's coefficient, the overlap coefficient. x: what both have.",
    (
        Method("the overlap by what either has", "x/(y + z - x)"),
        Method("Dice's coefficient", "2*x/(y + z)"),
        only("the overlap by the sum of both", "x/(y + z)"),
        only("the overlap by the smaller one", "x/minimum(y, z)"),
        only("the overlap by the first", "x/y"),
        only("the overlap by the second", "x/z"),
        only("the overlap by the larger one", "x/maximum(y, z)", 0.5),
        only("the overlap by the rest", "x/(y + z - 2*x)", 0.5),
    ),
)
AGREEMENTS = Family(
    "other_agreement",
    "another measure of agreement",
    ("x", "y"),
    NEAR,
    "Cohen 1960 (kappa): the agreement beyond chance by what is possible. x: agreement, y: agreement by chance.",
    (
        Method("the agreement beyond chance", "(x - y)/(1 - y)"),
        only("the agreement itself", "x"),
        only("the difference alone", "x - y"),
        only("the difference by that of chance", "(x - y)/y"),
        only("the difference by what is missing", "(x - y)/(1 - x)"),
        only("both exchanged", "(y - x)/(1 - x)", 0.5),
    ),
)
BAYES = Family(
    "other_posterior",
    "another probability of Bayes' theorem",
    ("x", "y", "z"),
    NEAR,
    "Bayes' theorem for two hypotheses (any text on probability). x: prior, y and z: the likelihoods.",
    (
        Method("the posterior", "x*y/(x*y + (1 - x)*z)"),
        Method("the posterior of a specificity", "x*y/(x*y + (1 - x)*(1 - z))"),
        only("the likelihood", "y"),
        only("the joint probability", "x*y"),
        only("the evidence", "x*y + (1 - x)*z"),
        only("the evidence of a specificity", "x*y + (1 - x)*(1 - z)"),
        only("the likelihoods alone", "y/(y + z)"),
        only("the likelihoods of a specificity alone", "y/(y + 1 - z)"),
        only("the posterior of the other hypothesis", "(1 - x)*z/(x*y + (1 - x)*z)"),
        only("the posterior after the other observation", "x*(1 - y)/(x*(1 - y) + (1 - x)*(1 - z))"),
        only("the posterior after the other observation, of a specificity", "x*(1 - y)/(x*(1 - y) + (1 - x)*z)"),
        only("the prior exchanged with its complement", "(1 - x)*y/((1 - x)*y + x*z)"),
        only("the posterior odds", "x*y/((1 - x)*z)", 0.5),
    ),
)
EFFECTIVE = Family(
    "other_growth",
    "another way to compound, as continuously for yearly",
    ("x", "a"),
    NEAR,
    "Nominal and effective rate of interest (any text on finance).",
    (
        Method("the effective rate", "(1 + x/a)**a - 1"),
        only("the nominal rate", "x"),
        only("the rate of continuous growth", "exp(x) - 1"),
        only("the nominal rate compounded undivided", "(1 + x)**a - 1"),
        only("the factor of growth", "(1 + x/a)**a"),
        only("the rate of one period", "x/a"),
        only("the root for the power", "(1 + x)**(1/a) - 1"),
    ),
)
PAYMENTS = Family(
    "other_annuity",
    "another kind of annuity",
    ("x", "a"),
    NEAR,
    "The payments of a loan (numpy-financial pmt: at the end or at the start of a period).",
    (
        Method("payments at the end", "x/(1 - (1 + x)**(-a))"),
        only("payments at the start", "x/(1 - (1 + x)**(-a))/(1 + x)"),
        only("equal parts without interest", "1/a"),
        only("equal parts and the first interest", "1/a + x"),
        only("simple interest in equal parts", "(1 + x*a)/a"),
        only("what is due at the end in equal parts", "(1 + x)**a/a"),
        only("the payments of savings", "x/((1 + x)**a - 1)"),
        only("one payment less", "x/(1 - (1 + x)**(1 - a))", 0.5),
        only("one payment more", "x/(1 - (1 + x)**(-a - 1))", 0.5),
    ),
    scaled=True,
)
GAUSSIANS = Family(
    "other_latent",
    "the logarithm of a variance, the variance and the deviation confused",
    ("x", "y"),
    NEAR,
    "Kingma and Welling 2014, appendix B (divergence from a standard normal). x: mean, y: log of the variance.",
    (
        Method("the logarithm of a variance", "1 + y - x**2 - exp(y)"),
        only("the logarithm of a deviation", "1 + 2*y - x**2 - exp(2*y)"),
        only("the deviation for the variance", "1 + y - x**2 - exp(y/2)"),
        only("no exponential", "1 + y - x**2 - y"),
        only("the variance itself", "1 + log(y) - x**2 - y"),
        only("the constant left out", "y - x**2 - exp(y)"),
        only("the mean not squared", "1 + y - x - exp(y)"),
        only("the mean left out", "1 + y - exp(y)"),
    ),
    scaled=True,
)
SAMPLES = Family(
    "other_latent",
    "the logarithm of a variance, the variance and the deviation confused",
    ("x", "y", "z"),
    NEAR,
    "Kingma and Welling 2014, section 2.4 (mean and deviation times noise). y: logarithm of the variance.",
    (
        Method("the deviation from the logarithm of the variance", "x + exp(y/2)*z"),
        only("the variance for the deviation", "x + exp(y)*z"),
        only("the logarithm of the variance itself", "x + y*z"),
        only("the root of the logarithm", "x + sqrt(y)*z"),
        only("no noise", "x"),
        only("the noise alone", "exp(y/2)*z"),
    ),
)
NOISES = Family(
    "other_noise",
    "another noise made from uniform numbers",
    ("x",),
    NEAR,
    "Inverse distribution functions: Gumbel (Jang et al. 2017), exponential, logistic.",
    (
        Method("a Gumbel noise", "-log(-log(x))"),
        Method("an exponential noise", "-log(x)"),
        only("a Gumbel noise without its sign", "log(-log(x))"),
        only("a logistic noise", "log(x/(1 - x))"),
        only("a Gumbel noise of the complement", "-log(-log(1 - x))"),
        only("an exponential noise of the complement", "-log(1 - x)"),
    ),
    words=("uniform", "noise", "random", "gumbel"),
    needed=True,
)
TRIPLETS = Family(
    "other_loss",
    "another loss, as squared errors for a cross-entropy",
    ("x", "y", "a"),
    NEAR,
    "torch.nn (TripletMarginLoss, MarginRankingLoss). x and y: distances to the like and to the unlike; a: margin.",
    (
        Method("the triplet loss", "maximum(0, x - y + a)"),
        only("the loss without its bound", "x - y + a"),
        only("both distances exchanged", "maximum(0, y - x + a)"),
        only("the margin left out", "maximum(0, x - y)"),
        only("the margin subtracted", "maximum(0, x - y - a)"),
        only("squared distances", "maximum(0, x**2 - y**2 + a)"),
        only("the squared loss", "maximum(0, x - y + a)**2"),
        only("a smooth loss", "log(1 + exp(x - y))", 0.5),
    ),
)
FOCAL = Family(
    "other_loss",
    "another loss, as squared errors for a cross-entropy",
    ("x", "a"),
    NEAR,
    "Lin et al. 2017 (focal loss).",
    (
        Method("the focal loss", "(1 - x)**a*log(x)"),
        only("the cross-entropy", "log(x)"),
        only("the weight of the probability itself", "x**a*log(x)"),
        only("the weight not raised", "(1 - x)*log(x)"),
        only("the weight times the exponent", "a*(1 - x)*log(x)"),
        only("the weight alone", "-(1 - x)**a"),
    ),
    scaled=True,
)
SURROGATES = Family(
    "other_objective",
    "another objective of a policy, or one that is clipped otherwise",
    ("x", "y", "a"),
    NEAR,
    "Schulman et al. 2017 (PPO): the smaller of the plain and the clipped product. x: ratio, y: advantage.",
    (
        Method("the smaller of both", "minimum(x*y, clip(x, 1 - a, 1 + a)*y)"),
        only("the larger of both", "maximum(x*y, clip(x, 1 - a, 1 + a)*y)"),
        only("the product without clipping", "x*y"),
        only("the clipped product", "clip(x, 1 - a, 1 + a)*y"),
        only("the product clipped", "clip(x*y, 1 - a, 1 + a)"),
        only("a bound above alone", "minimum(x, 1 + a)*y"),
        only("the advantage alone", "y"),
    ),
)
DEGREES = Family(
    "other_scale",
    "another scale of temperature, or the conversion the other way",
    ("x",),
    NEAR,
    "Degrees Celsius and Fahrenheit (any text on physics).",
    (
        Method("Fahrenheit from Celsius", "x*9/5 + 32"),
        Method("Celsius from Fahrenheit", "(x - 32)*5/9"),
        only("the offset before the factor", "(x + 32)*9/5"),
        only("the offset after the factor", "x*5/9 - 32"),
        only("the factor inverted", "x*5/9 + 32"),
        only("the factor inverted, of the difference", "(x - 32)*9/5"),
        only("no offset", "x*9/5"),
        only("no offset, with the factor inverted", "x*5/9"),
        only("kelvins", "x + 273.15", 0.5),
    ),
)
FAMILIES = (
    *(WINDOWS, DECAYS, INPUTS, SCALED_INPUTS, GROWTH, ANNUITIES, RATES, RETURNS, QUADRATURE, QUADRATURE_UNEVEN, PANELS),
    *(LENGTHS, DISTANCES, SIMILARITIES, CORRELATIONS, MEANS, RATES_OF_PARTS, SPREADS, STANDARDISED, NORMALISATIONS),
    *(CROSS_ENTROPIES, DIVERGENCES, ENTROPIES, MARGINS, ROBUST, ERRORS, CHI_SQUARED, T_STATISTICS, TWO_SAMPLES),
    *(PROPORTIONS, GATES, RECTIFIERS, SLOPED, BOUNDED, SCHEDULES, HALVINGS, PERIODS, F_SCORES, MACRO, SMOOTHING),
    *(SMOOTHED_TARGETS, GREEDY, DROPOUT, INITIALISATIONS, INITIALISATION_OF_ONE, TF_IDF, GAINS, INFORMATION, BOUNDS),
    *(KERNELS, KERNELS_OF_SQUARES, DENSITIES, DISTRIBUTIONS, ODDS, DRAWS, TOGETHER, REPEATED, SOFTMAXES, TOTALS),
    *(CLIPPED, LEVELS, ROTATIONS),
    *(WARM_UPS, RATIOS, FRACTIONS, INTERPOLATIONS, PARALLEL, OVERLAPS, AGREEMENTS, BAYES, EFFECTIVE, PAYMENTS),
    *(GAUSSIANS, SAMPLES, NOISES, TRIPLETS, FOCAL, SURROGATES, DEGREES),
)
