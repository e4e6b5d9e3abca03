namespace NeuroDb.Neural;

/// <summary>
/// Adafactor (Shazeer and Stern, ICML 2018, algorithms 4 and 5) without momentum: of the second
/// moments of a matrix only the means of rows and columns are kept, V = R C / mean(R), and an
/// update whose root mean square is above 1 is shortened to it. Vectors keep all their moments.
/// </summary>
internal sealed class FactoredUpdate
{
    private const double FirstEpsilon = 1e-30;
    private const double DecayPower = -0.8;
    private readonly int _columns;
    private readonly float[] _rows;
    private readonly float[] _sides;

    /// <summary>The moments of a parameter.</summary>
    public FactoredUpdate(ParameterSpec parameter)
    {
        _columns = parameter.Shape.Count > 1 ? parameter.Shape[^1] : 1;
        _rows = new float[parameter.Length / _columns];
        _sides = new float[parameter.Shape.Count > 1 ? _columns : 0];
    }

    /// <summary>One step at a rate.</summary>
    /// <param name="weights">The parameter.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">The decoupled decay.</param>
    /// <param name="step">The number of the step, from 1.</param>
    public void Step(
        Span<float> weights,
        ReadOnlySpan<float> gradients,
        double rate,
        double weightDecay,
        long step)
    {
        double keep = 1 - Math.Pow(step, DecayPower);
        Remember(gradients, keep);
        double mean = 0;
        foreach (float row in _rows)
        {
            mean += row;
        }

        mean /= _rows.Length;
        double squares = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            double update = UpdateOf(gradients, i, mean);
            squares += update * update;
        }

        double shorten = Math.Max(1, Math.Sqrt(squares / gradients.Length));
        for (int i = 0; i < weights.Length; i++)
        {
            double update = UpdateOf(gradients, i, mean) / shorten;
            weights[i] -= (float)(rate * (update + (weightDecay * weights[i])));
        }
    }

    private double UpdateOf(ReadOnlySpan<float> gradients, int at, double mean)
    {
        double moment = _sides.Length == 0
            ? _rows[at]
            : (double)_rows[at / _columns] * _sides[at % _columns] / mean;
        return gradients[at] / Math.Sqrt(moment);
    }

    private void Remember(ReadOnlySpan<float> gradients, double keep)
    {
        Span<double> columns = new double[_sides.Length];
        for (int row = 0; row < _rows.Length; row++)
        {
            double sum = 0;
            for (int column = 0; column < _columns; column++)
            {
                double gradient = gradients[(row * _columns) + column];
                double square = (gradient * gradient) + FirstEpsilon;
                sum += square;
                if (columns.Length > 0)
                {
                    columns[column] += square;
                }
            }

            _rows[row] = Blend(_rows[row], sum / _columns, keep);
        }

        for (int column = 0; column < columns.Length; column++)
        {
            _sides[column] = Blend(_sides[column], columns[column] / _rows.Length, keep);
        }
    }

    // Below the least normal float a moment would be lost, and the update infinite.
    private static float Blend(float old, double shown, double keep) =>
        (float)Math.Max((keep * old) + ((1 - keep) * shown), 1.2e-38);
}
