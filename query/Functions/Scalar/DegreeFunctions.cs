namespace NeuroDb.Query;

/// <summary>
/// Trigonometry of degrees as in PostgreSQL, exact where the value is: sind(30) is 0.5, atand(1)
/// is 45. With them the logarithm of the gamma function and the gamma function.
/// </summary>
internal static class DegreeFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Of("sind", Sine),
        Of("cosd", static x => Sine(90 - Math.IEEERemainder(x, 360))),
        Of("tand", static x => Ratio(Sine(x), Sine(90 - Math.IEEERemainder(x, 360)))),
        Of("cotd", static x => Ratio(Sine(90 - Math.IEEERemainder(x, 360)), Sine(x))),
        Of("asind", static x => Snap(Math.Asin(x))),
        Of("acosd", static x => Snap(Math.Acos(x))),
        Of("atand", static x => Snap(Math.Atan(x))),
        new("atan2d", 2, 2, call => call.Make(
            DataType.Double,
            RowLoops.Of<double, double, double>(static (y, x) => Snap(Math.Atan2(y, x))),
            [call.Double(0), call.Double(1)])),
        Of("gamma", Gamma),
        Of("lgamma", LogGamma),
        new("pmod", 2, 2, static call => ExpressionFactory.Binary(
            BinaryOperator.Modulo,
            ExpressionFactory.Binary(
                BinaryOperator.Add,
                ExpressionFactory.Binary(
                    BinaryOperator.Modulo, call.Arguments[0], call.Arguments[1], call.Position),
                call.Arguments[1],
                call.Position),
            call.Arguments[1],
            call.Position)),
    ];

    // The coefficients of Lanczos for g = 7, from Numerical Recipes.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
        -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
        1.5056327351493116e-7,
    ];

    private static FunctionDefinition Of(string name, Func<double, double> function) =>
        new(name, 1, 1, call =>
            call.Make(DataType.Double, RowLoops.Of(function), [call.Double(0)]));

    private static double Sine(double degrees)
    {
        double angle = Math.IEEERemainder(degrees, 360);
        double size = Math.Abs(angle);
        size = size > 90 ? 180 - size : size;
        double sine = size switch
        {
            0 => 0,
            30 => 0.5,
            90 => 1,
            _ => Math.Sin(size * (Math.PI / 180)),
        };
        return angle < 0 ? -sine : sine;
    }

    // Of equal sizes, as at 45 degrees, the ratio is 1 whatever the last digit.
    private static double Ratio(double left, double right) =>
        Math.Abs(Math.Abs(left) - Math.Abs(right)) < 1e-15
            ? Math.Sign(left) * Math.Sign(right)
            : left / right;

    // Whole degrees where the last digit of the radians is all that is in the way.
    private static double Snap(double radians)
    {
        double degrees = radians * (180 / Math.PI);
        double whole = Math.Round(degrees);
        return Math.Abs(degrees - whole) <= 1e-13 ? whole : degrees;
    }

    private static double Gamma(double x)
    {
        if (double.IsNegativeInfinity(x) || (x <= 0 && x == Math.Floor(x)))
        {
            return double.NaN;
        }

        if (x == Math.Floor(x) && x <= 23)
        {
            double product = 1;
            for (int factor = 2; factor < x; factor++)
            {
                product *= factor;
            }

            return product;
        }

        return x < 0.5
            ? Math.PI / (Math.Sin(Math.PI * x) * Gamma(1 - x))
            : Math.Exp(LogGamma(x));
    }

    private static double LogGamma(double x)
    {
        if (double.IsInfinity(x))
        {
            return double.PositiveInfinity;
        }

        if (x <= 0 && x == Math.Floor(x))
        {
            return double.PositiveInfinity;
        }

        if (x is 1 or 2)
        {
            return 0;
        }

        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LogGamma(1 - x);
        }

        double shifted = x - 1;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (shifted + i);
        }

        double t = shifted + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((shifted + 0.5) * Math.Log(t)) - t
            + Math.Log(sum);
    }
}
