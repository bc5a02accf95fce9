using System.Collections.ObjectModel;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Actors.Tests.Telemetry;

/// <summary>What OpenTelemetry exports of the meters and activities named Smc.Actors in this process.</summary>
internal sealed class Collected : IDisposable
{
    private readonly Heard _activities = [];
    private readonly List<Metric> _metrics = [];
    private readonly MeterProvider _meters;
    private readonly TracerProvider _tracers;

    public Collected()
    {
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter("Smc.Actors").AddInMemoryExporter(_metrics).Build();
        _tracers = Sdk.CreateTracerProviderBuilder().AddSource("Smc.Actors").AddInMemoryExporter(_activities).Build();
    }

    /// <summary>The activities of one runtime that have ended, in that order.</summary>
    /// <param name="runtime">The value of smc.runtime.</param>
    public IReadOnlyList<Activity> Activities(string runtime) => [.. _activities.Copy().Where(activity => Equals(activity.GetTagItem("smc.runtime"), runtime))];

    /// <summary>Collects, and gives all points of one runtime.</summary>
    /// <param name="runtime">The value of smc.runtime.</param>
    public IReadOnlyList<Point> Points(string runtime)
    {
        _metrics.Clear();
        Assert.True(_meters.ForceFlush());
        return [.. _metrics.Where(metric => metric.MeterTags?.Any(tag => tag.Key == "smc.runtime" && Equals(tag.Value, runtime)) == true).SelectMany(PointsOf)];
    }

    public void Dispose()
    {
        _meters.Dispose();
        _tracers.Dispose();
    }

    /// <summary>Activities end on threads of the control plane.</summary>
    private sealed class Heard : Collection<Activity>
    {
        private readonly Lock _gate = new();

        public Activity[] Copy()
        {
            lock (_gate) return [.. Items];
        }

        protected override void InsertItem(int index, Activity item)
        {
            lock (_gate) base.InsertItem(Count, item);
        }
    }

    private static List<Point> PointsOf(Metric metric)
    {
        var points = new List<Point>();
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (KeyValuePair<string, object?> tag in point.Tags) tags.Add(tag.Key, $"{tag.Value}");
            double value = metric.MetricType switch
            {
                MetricType.Histogram => point.GetHistogramCount(),
                _ => point.GetSumLong(),
            };
            points.Add(new Point(metric.Name, metric.MetricType, metric.Unit, string.Join(" ", tags.Select(tag => $"{tag.Key}={tag.Value}")), value));
        }

        return points;
    }
}

/// <summary>One series of an instrument.</summary>
/// <param name="Name">Of the instrument.</param>
/// <param name="Kind">As OpenTelemetry has it.</param>
/// <param name="Unit">UCUM.</param>
/// <param name="Tags">In the order of their names.</param>
/// <param name="Value">The sum; a histogram's count.</param>
internal sealed record Point(string Name, MetricType Kind, string Unit, string Tags, double Value);
