namespace NeuroDb.Bench;

/// <summary>Seeded draws of the distributions that <see cref="KeyGenerator"/> needs.</summary>
internal sealed class DrawSource(int seed)
{
    private ulong _state = (ulong)seed * 0x9E37_79B9_7F4A_7C15;

    /// <summary>64 uniform bits (Steele et al., SplitMix64, 2014).</summary>
    public ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal (Box and Muller, 1958).</summary>
    public double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>
    /// Gamma of scale 1 (Marsaglia and Tsang, A simple method for generating gamma variables,
    /// 2000).
    /// </summary>
    public double Gamma(double shape)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1) * Math.Pow(1 - Unit(), 1 / shape);
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal();
            double v = 1 + (c * x);
            if (v > 0)
            {
                v = v * v * v;
                if (Math.Log(1 - Unit()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v))))
                {
                    return d * v;
                }
            }
        }
    }

    /// <summary>Beta of two equal shapes.</summary>
    public double Beta(double shape)
    {
        double left = Gamma(shape);
        return left / (left + Gamma(shape));
    }
}
