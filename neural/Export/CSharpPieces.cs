namespace NeuroDb.Neural;

/// <summary>
/// The methods of an exported file, each as it stands there. They are plain loops that add in
/// double precision: what they give lies within rounding of what the kernels give. Shapes are
/// those of the layers they are named after.
/// </summary>
internal static class CSharpPieces
{
    /// <summary>Reads an array of base 64.</summary>
    public const string Read = """
        private static T[] Read<T>(ReadOnlySpan<byte> text)
            where T : struct
        {
            byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
            if (Base64.DecodeFromUtf8(text, bytes, out _, out int length) != OperationStatus.Done)
            {
                throw new FormatException("The numbers of the model were changed.");
            }

            return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(0, length)).ToArray();
        }
    """;

    /// <summary>A product with bias over the last axis.</summary>
    public const string Dense = """
        private static float[] Dense(float[] x, int inner, int units, int at, bool isRectified)
        {
            int places = x.Length / inner;
            var y = new float[places * units];
            var sums = new double[units];
            for (int place = 0; place < places; place++)
            {
                for (int o = 0; o < units; o++)
                {
                    sums[o] = Weights[at + (inner * units) + o];
                }

                for (int i = 0; i < inner; i++)
                {
                    double value = x[(place * inner) + i];
                    for (int o = 0; o < units; o++)
                    {
                        sums[o] += value * Weights[at + (i * units) + o];
                    }
                }

                for (int o = 0; o < units; o++)
                {
                    y[(place * units) + o] = (float)(isRectified ? Math.Max(0, sums[o]) : sums[o]);
                }
            }

            return y;
        }
    """;

    /// <summary>A convolution; weights (kernel height, kernel width, in, out) and bias.</summary>
    public const string Convolve = """
        // s: height, width, channels, filters, kernel height, kernel width, stride, padding above,
        // padding left, rows out, columns out.
        private static float[] Convolve(float[] x, int at, bool isRectified, params int[] s)
        {
            var y = new float[s[9] * s[10] * s[3]];
            var sums = new double[s[3]];
            for (int place = 0; place < s[9] * s[10]; place++)
            {
                for (int o = 0; o < s[3]; o++)
                {
                    sums[o] = Weights[at + (s[4] * s[5] * s[2] * s[3]) + o];
                }

                for (int tap = 0; tap < s[4] * s[5]; tap++)
                {
                    int row = (place / s[10] * s[6]) - s[7] + (tap / s[5]);
                    int column = (place % s[10] * s[6]) - s[8] + (tap % s[5]);
                    if (row < 0 || row >= s[0] || column < 0 || column >= s[1])
                    {
                        continue;
                    }

                    for (int i = 0; i < s[2]; i++)
                    {
                        double value = x[(((row * s[1]) + column) * s[2]) + i];
                        int w = at + (((tap * s[2]) + i) * s[3]);
                        for (int o = 0; o < s[3]; o++)
                        {
                            sums[o] += value * Weights[w + o];
                        }
                    }
                }

                for (int o = 0; o < s[3]; o++)
                {
                    y[(place * s[3]) + o] = (float)(isRectified ? Math.Max(0, sums[o]) : sums[o]);
                }
            }

            return y;
        }
    """;

    /// <summary>Windows of a channel: their weighted sum, largest or mean number.</summary>
    public const string Window = """
        // kind: 0 depthwise convolution, 1 largest, 2 mean; s as in a convolution.
        private static float[] Window(float[] x, int kind, int at, params int[] s)
        {
            var y = new float[s[9] * s[10] * s[2]];
            for (int to = 0; to < y.Length; to++)
            {
                int place = to / s[2];
                int channel = to % s[2];
                double sum = kind == 0 ? Weights[at + (s[4] * s[5] * s[2]) + channel] : 0;
                double best = double.NegativeInfinity;
                int count = 0;
                for (int tap = 0; tap < s[4] * s[5]; tap++)
                {
                    int row = (place / s[10] * s[6]) - s[7] + (tap / s[5]);
                    int column = (place % s[10] * s[6]) - s[8] + (tap % s[5]);
                    if (row < 0 || row >= s[0] || column < 0 || column >= s[1])
                    {
                        continue;
                    }

                    double value = x[(((row * s[1]) + column) * s[2]) + channel];
                    sum += kind == 0 ? value * Weights[at + (tap * s[2]) + channel] : value;
                    best = Math.Max(best, value);
                    count++;
                }

                y[to] = (float)(kind == 0 ? sum : kind == 1 ? best : sum / count);
            }

            return y;
        }
    """;

    /// <summary>Channels by running means.</summary>
    public const string BatchNorm = """
        private static float[] BatchNorm(float[] x, int channels, int at)
        {
            var y = new float[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                int c = at + (i % channels);
                double deviation = Math.Sqrt(Weights[c + (3 * channels)] + 1e-5);
                y[i] = (float)(((x[i] - Weights[c + (2 * channels)]) / deviation * Weights[c])
                    + Weights[c + channels]);
            }

            return y;
        }
    """;

    /// <summary>Places over their channels.</summary>
    public const string LayerNorm = """
        private static float[] LayerNorm(float[] x, int channels, int at)
        {
            var y = new float[x.Length];
            for (int start = 0; start < x.Length; start += channels)
            {
                double mean = 0;
                double variance = 0;
                for (int c = 0; c < channels; c++)
                {
                    mean += (double)x[start + c] / channels;
                }

                for (int c = 0; c < channels; c++)
                {
                    variance += (x[start + c] - mean) * (x[start + c] - mean) / channels;
                }

                for (int c = 0; c < channels; c++)
                {
                    y[start + c] = (float)(((x[start + c] - mean) / Math.Sqrt(variance + 1e-5)
                        * Weights[at + c]) + Weights[at + channels + c]);
                }
            }

            return y;
        }
    """;

    /// <summary>A function of every number.</summary>
    public const string Activate = """
        private static float[] Activate(float[] x, Func<double, double> function)
        {
            var y = new float[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = (float)function(x[i]);
            }

            return y;
        }

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

        private static double Gelu(double x)
        {
            // Abramowitz and Stegun, 7.1.26.
            double t = 1 / (1 + (0.3275911 * 0.70710678 * Math.Abs(x)));
            double sum = (t * 1.061405429) - 1.453152027;
            sum = (t * sum) + 1.421413741;
            sum = (t * sum) - 0.284496736;
            sum = (t * sum) + 0.254829592;
            double tail = t * sum * Math.Exp(-x * x / 2) / 2;
            return x * (x > 0 ? 1 - tail : tail);
        }
    """;

    /// <summary>Two inputs, or an input and weights, added.</summary>
    public const string Add = """
        private static float[] Add(float[] x, float[] other)
        {
            var y = new float[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = x[i] + other[i];
            }

            return y;
        }
    """;

    /// <summary>Rows of a table.</summary>
    public const string Embed = """
        private static float[] Embed(float[] x, int rows, int dimension, int at)
        {
            var y = new float[x.Length * dimension];
            for (int i = 0; i < x.Length; i++)
            {
                int row = x[i] >= 0 && x[i] < rows ? (int)x[i] : 0;
                Array.Copy(Weights, at + (row * dimension), y, i * dimension, dimension);
            }

            return y;
        }
    """;

    /// <summary>Gated recurrent units.</summary>
    public const string Gru = """
        private static float[] Gru(float[] x, int inner, int units, int at, bool givesSequence)
        {
            int wide = 3 * units;
            int steps = x.Length / inner;
            int recurrent = at + (inner * wide);
            int bias = recurrent + (units * wide);
            var state = new double[units];
            var all = new float[steps * units];
            for (int step = 0; step < steps; step++)
            {
                var a = new double[wide];
                var b = new double[wide];
                for (int j = 0; j < wide; j++)
                {
                    a[j] = Weights[bias + j];
                    b[j] = Weights[bias + wide + j];
                    for (int i = 0; i < inner; i++)
                    {
                        a[j] += (double)x[(step * inner) + i] * Weights[at + (i * wide) + j];
                    }

                    for (int i = 0; i < units; i++)
                    {
                        b[j] += state[i] * Weights[recurrent + (i * wide) + j];
                    }
                }

                for (int j = 0; j < units; j++)
                {
                    double r = Sigmoid(a[j] + b[j]);
                    double z = Sigmoid(a[units + j] + b[units + j]);
                    double n = Math.Tanh(a[(2 * units) + j] + (r * b[(2 * units) + j]));
                    state[j] = ((1 - z) * n) + (z * state[j]);
                    all[(step * units) + j] = (float)state[j];
                }
            }

            return givesSequence ? all : all[^units..];
        }
    """;

    /// <summary>Long short-term memory.</summary>
    public const string Lstm = """
        private static float[] Lstm(float[] x, int inner, int units, int at, bool givesSequence)
        {
            int wide = 4 * units;
            int steps = x.Length / inner;
            int recurrent = at + (inner * wide);
            int bias = recurrent + (units * wide);
            var state = new double[units];
            var cell = new double[units];
            var all = new float[steps * units];
            for (int step = 0; step < steps; step++)
            {
                var a = new double[wide];
                for (int j = 0; j < wide; j++)
                {
                    a[j] = Weights[bias + j];
                    for (int i = 0; i < inner; i++)
                    {
                        a[j] += (double)x[(step * inner) + i] * Weights[at + (i * wide) + j];
                    }

                    for (int i = 0; i < units; i++)
                    {
                        a[j] += state[i] * Weights[recurrent + (i * wide) + j];
                    }
                }

                for (int j = 0; j < units; j++)
                {
                    cell[j] = (Sigmoid(a[units + j]) * cell[j])
                        + (Sigmoid(a[j]) * Math.Tanh(a[(2 * units) + j]));
                    state[j] = Sigmoid(a[(3 * units) + j]) * Math.Tanh(cell[j]);
                    all[(step * units) + j] = (float)state[j];
                }
            }

            return givesSequence ? all : all[^units..];
        }
    """;

    /// <summary>Self attention of several heads.</summary>
    public const string Attend = """
        private static float[] Attend(float[] x, int channels, int heads, int at)
        {
            int places = x.Length / channels;
            int depth = channels / heads;
            float[] q = Dense(x, channels, 3 * channels, at, false);
            var joined = new float[x.Length];
            for (int head = 0; head < heads; head++)
            {
                for (int place = 0; place < places; place++)
                {
                    var scores = new float[places];
                    for (int other = 0; other < places; other++)
                    {
                        double sum = 0;
                        for (int d = head * depth; d < (head + 1) * depth; d++)
                        {
                            sum += (double)q[(place * 3 * channels) + d]
                                * q[(other * 3 * channels) + channels + d];
                        }

                        scores[other] = (float)(sum / Math.Sqrt(depth));
                    }

                    Softmax(scores);
                    for (int d = head * depth; d < (head + 1) * depth; d++)
                    {
                        double sum = 0;
                        for (int other = 0; other < places; other++)
                        {
                            sum += (double)scores[other]
                                * q[(other * 3 * channels) + (2 * channels) + d];
                        }

                        joined[(place * channels) + d] = (float)sum;
                    }
                }
            }

            return Dense(joined, channels, channels, at + (3 * channels * (channels + 1)), false);
        }
    """;

    /// <summary>Scores become shares of 1.</summary>
    public const string Softmax = """
        private static float[] Softmax(float[] scores)
        {
            double largest = double.NegativeInfinity;
            foreach (float score in scores)
            {
                largest = Math.Max(largest, score);
            }

            double sum = 0;
            foreach (float score in scores)
            {
                sum += Math.Exp(score - largest);
            }

            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = (float)(Math.Exp(scores[i] - largest) / sum);
            }

            return scores;
        }
    """;
}
