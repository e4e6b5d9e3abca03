namespace NeuroDb.Gpu;

/// <summary>
/// Fits the longest line that stays within an error of points which come in ascending order: the
/// lines that do form a hull, of which two extreme ones and the two chains of points that hold them
/// are kept (O'Rourke, An on-line algorithm for fitting straight lines between data ranges, 1981;
/// as the index of Ferragina and Vinciguerra, The PGM-index, VLDB 2020, section 3). Exact: products
/// have 128 bits. Cut greedily, it gives the fewest lines there can be.
/// </summary>
internal sealed class LineFitter(int errorBound)
{
    private readonly List<HullPoint> _above = [];
    private readonly List<HullPoint> _below = [];
    private int _aboveStart;
    private int _belowStart;
    private HullPoint _steepLow;
    private HullPoint _steepHigh;
    private HullPoint _flatHigh;
    private HullPoint _flatLow;
    private ulong _first;
    private int _count;

    /// <summary>Takes the next point; false if no line reaches it, then it is not taken.</summary>
    /// <param name="x">The key; greater than that of the point before.</param>
    /// <param name="y">The place.</param>
    public bool TryAdd(ulong x, long y)
    {
        var high = new HullPoint(x, y + errorBound);
        var low = new HullPoint(x, y - errorBound);
        if (_count < 2)
        {
            Begin(high, low);
            return true;
        }

        // Every line passes between the points: above the low ends and below the high ones.
        if (HullPoint.CompareSlopes(_flatHigh, high, _flatHigh, _flatLow) < 0
            || HullPoint.CompareSlopes(_steepLow, low, _steepLow, _steepHigh) > 0)
        {
            return false;
        }

        if (HullPoint.CompareSlopes(_steepLow, high, _steepLow, _steepHigh) < 0)
        {
            TurnSteep(high);
        }

        if (HullPoint.CompareSlopes(_flatHigh, low, _flatHigh, _flatLow) > 0)
        {
            TurnFlat(low);
        }

        _count++;
        return true;
    }

    /// <summary>The line through the points so far, and an empty fitter again.</summary>
    /// <param name="slope">Places per unit of the key.</param>
    /// <param name="atFirst">The line at the first point.</param>
    public void Take(out double slope, out double atFirst)
    {
        Invariant.Check(_count > 0);
        if (_count == 1)
        {
            slope = 0;
            atFirst = (_flatHigh.Y + _steepLow.Y) / 2.0;
        }
        else
        {
            double flat = SlopeOf(_flatHigh, _flatLow);
            double steep = SlopeOf(_steepLow, _steepHigh);
            slope = Math.Max((flat + steep) / 2, 0);

            // The extreme lines cross in one point; any line between them goes through it.
            double flatAt = _flatHigh.Y - (flat * Distance(_flatHigh.X));
            double steepAt = _steepLow.Y - (steep * Distance(_steepLow.X));
            double cross = steep > flat ? (flatAt - steepAt) / (steep - flat) : 0;
            atFirst = flatAt + ((flat - slope) * cross);
        }

        _count = 0;
    }

    private double Distance(ulong x) => x - _first;

    private static double SlopeOf(HullPoint from, HullPoint to) =>
        (double)(to.Y - from.Y) / (to.X - from.X);

    private void Begin(HullPoint high, HullPoint low)
    {
        if (_count == 0)
        {
            _first = high.X;
            _flatHigh = high;
            _steepLow = low;
            _above.Clear();
            _below.Clear();
            _aboveStart = 0;
            _belowStart = 0;
        }
        else
        {
            _flatLow = low;
            _steepHigh = high;
        }

        _above.Add(high);
        _below.Add(low);
        _count++;
    }

    // The steepest line now ends at the new high point; it turns about a point of the lower chain.
    private void TurnSteep(HullPoint high)
    {
        int best = _belowStart;
        for (int i = _belowStart + 1; i < _below.Count; i++)
        {
            if (HullPoint.CompareSlopes(_below[i], high, _below[best], high) > 0)
            {
                break;
            }

            best = i;
        }

        _steepLow = _below[best];
        _steepHigh = high;
        _belowStart = best;
        int end = _above.Count;
        while (end >= _aboveStart + 2
            && HullPoint.CompareSlopes(
                _above[end - 2], _above[end - 1], _above[end - 2], high) >= 0)
        {
            end--;
        }

        _above.RemoveRange(end, _above.Count - end);
        _above.Add(high);
    }

    private void TurnFlat(HullPoint low)
    {
        int best = _aboveStart;
        for (int i = _aboveStart + 1; i < _above.Count; i++)
        {
            if (HullPoint.CompareSlopes(_above[i], low, _above[best], low) < 0)
            {
                break;
            }

            best = i;
        }

        _flatHigh = _above[best];
        _flatLow = low;
        _aboveStart = best;
        int end = _below.Count;
        while (end >= _belowStart + 2
            && HullPoint.CompareSlopes(
                _below[end - 2], _below[end - 1], _below[end - 2], low) <= 0)
        {
            end--;
        }

        _below.RemoveRange(end, _below.Count - end);
        _below.Add(low);
    }
}
