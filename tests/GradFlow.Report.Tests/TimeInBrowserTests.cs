using GradFlow.Runs;
using GradFlow.TestKit;
using Microsoft.Playwright;

namespace GradFlow.Report.Tests;

/// <summary>The gradient through time, as a reader meets it on the page.</summary>
public sealed class TimeInBrowserTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_picture_says_how_fast_memory_fades_where_it_ends_and_what_the_answer_needs()
    {
        await using PageTab tab = await PageTab.Open(browser, "forgets");
        ILocator time = tab.Page.Locator(".time");

        string[] titles = [.. await time.Locator("h3, h4").AllInnerTextsAsync()];
        titles[0].ShouldBe("The gradient loses 0.31 decades per time step");
        titles[1].ShouldBe("77\u202f% of the decay per time step comes from the recurrent weights");
        titles[2].ShouldBe("Memory goes from 7 to 9 steps; the answer needs 40");
        ILocator plot = time.Locator(".plot").First;
        string[] names = [.. await plot.Locator(".curve-name").AllInnerTextsAsync()];
        names.ShouldContain("the answer needs 40");
        names.ShouldContain("memory ends after\n7 steps: 1\u202f%");
        names.ShouldContain("repaired: still 15\u202f% left\nafter 47 steps");
    }

    [Fact]
    public async Task A_pretraining_is_drawn_and_what_it_changed_is_not_held_against_the_forecast()
    {
        Run run = SamplePages.Get("forgets").Run;
        Run pretrained = run with
        {
            Header = run.Header with { Plan = run.Header.Plan with { PretrainingSteps = 100 } },
            Evaluations =
            [
                .. new[] { 0, 50, 100 }.Select(
                    step => new Evaluation(step, step, "pretraining", 4 - (step / 50), null, 9)),
                .. run.Evaluations,
            ],
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, run, pretrained));

        (await tab.Page.Locator("section[aria-label^=Pre-training] h3").AllInnerTextsAsync())
            .ShouldBe(["Pre-training of the repaired net: loss falls from 4 to 2 in 100 steps"]);
        (await tab.Page.Locator(".time").InnerTextAsync()).ShouldContain("Measured at step 0: ");
        await using PageTab own = await PageTab.Open(
            browser, path => ReportPage.Write(path, pretrained, repaired: null));
        (await own.Page.Locator(".time").InnerTextAsync())
            .ShouldContain("Measured at step 0, after the pre-training: ");
    }

    [Fact]
    public async Task The_title_of_memory_tells_where_it_was_far_from_both_ends()
    {
        Run forgets = SamplePages.Get("forgets").Run;
        int middle = forgets.Frames.Count / 2;
        Run remembersOnTheWay = forgets with
        {
            Frames = [.. forgets.Frames.Select((frame, i) => i != middle ? frame : frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with
                {
                    LagNorms = [.. profile.LagNorms.Select((_, lag) => (double?)(lag < 30 ? 0 : -3))],
                })],
            })],
        };
        await using PageTab tab =
            await PageTab.Open(browser, path => ReportPage.Write(path, remembersOnTheWay, repaired: null));

        string title = await tab.Page.Locator(".time .trio h4").First.InnerTextAsync();
        title.ShouldBe($"Memory goes from 7 to 9 steps, by way of 30 at training step {forgets.Frames[middle].Step}; "
            + "the answer needs 40");
    }

    [Fact]
    public async Task A_loss_that_fell_and_came_back_is_not_said_to_stay()
    {
        Run run = new SyntheticRecurrentRun { Loss = step => step is > 50 and < 200 ? 0.8 : 2.3 }.Build();
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, run, repaired: null));

        (await tab.Page.Locator("section[aria-label=Training]").InnerTextAsync())
            .ShouldContain("Loss falls to 0.800 and comes back to 2.30;");
    }

    [Fact]
    public async Task An_explosion_at_one_step_is_drawn_and_told_with_numbers_that_say_something()
    {
        const int Steps = 784;
        Run run = new SyntheticRecurrentRun
        {
            Type = "irnn",
            Activation = "relu",
            Length = Steps,
            LongestDependency = null,
            WeightDecades = [0],
            ActivationDecades = 0,
            Loss = step => step == 20 ? 4e12 : SyntheticRecurrentRun.Baseline,
        }.Build();
        run = run with
        {
            Frames = [.. run.Frames.Select(frame => frame.Step != 20 ? frame : frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with
                {
                    LagNorms = [.. profile.LagNorms.Select((_, lag) => (double?)(0.0167 * lag))],
                    StateRms =
                        [.. profile.StateRms!.Select((_, t) => (double?)(t == 0 ? 0 : Math.Pow(10, 0.0167 * t)))],
                    WeightDecades = 0.0172,
                    ActivationDecades = -0.0005,
                })],
            })],
            Diagnosis = new DiagnosisResult(
                new Verdict(VerdictKind.Sick, "Sick: the gradient explodes through time.", []),
                [
                    new Finding(
                        RuleIds.ExplodingThroughTime, CauseIds.LearningRate, Severity.Critical,
                        new LayerSpan("1.irnn", "1.irnn"), 20,
                        new Dictionary<string, double> { ["decadesPerStep"] = 0.0167 },
                        "It grows.", ["lower-learning-rate"]),
                ], []),
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, run, repaired: null));
        ILocator time = tab.Page.Locator(".time");

        string[] titles = [.. await time.Locator("h3, h4").AllInnerTextsAsync()];
        titles[0].ShouldStartWith("The gradient gains 0.017 decades per time step");
        titles.ShouldContain(
            "The states' rms grows from 1,876 to 1.2·10¹³ along the sequence at training step 20, 0.400 at 280");
        (await time.Locator(".through-time .num").AllInnerTextsAsync()).ShouldBe(["0.017", "−0.00050", "0.017"]);
        // Ticks of one axis never meet, however the powers of ten end.
        double[] heights = await tab.Page.Locator("section[aria-label=Training] .plot").EvaluateAsync<double[]>(
            "plot => [...plot.querySelectorAll('text')].filter(t => t.textContent.startsWith('10'))"
                + ".map(t => t.getBoundingClientRect().top)");
        heights.Order().Zip(heights.Order().Skip(1), (a, b) => b - a).Where(gap => gap > 1).Min()
            .ShouldBeGreaterThan(11);
    }

    [Fact]
    public async Task A_title_that_tells_a_mean_says_what_the_profile_beside_it_has()
    {
        Run forgets = SamplePages.Get("forgets").Run;
        Run mixed = forgets with
        {
            Frames = [.. forgets.Frames.Select((frame, i) => i > 0 ? frame : frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with
                {
                    LagNorms = [.. profile.LagNorms.Select((_, lag) => (double?)(-0.6 * lag))],
                })],
            })],
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, mixed, repaired: null));
        (await tab.Page.Locator(".time h3").First.InnerTextAsync()).ShouldBe(
            "The gradient loses 0.31 decades per time step on average; at training step 0 it loses 0.60");
    }

    [Fact]
    public async Task Bars_of_parts_that_change_nothing_have_no_length()
    {
        Run still = new SyntheticRecurrentRun { WeightDecades = [0], ActivationDecades = -1e-5 }.Build();
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, still, repaired: null));
        ILocator shares = tab.Page.Locator(".time .main > div").Nth(1);
        (await shares.Locator("h3").InnerTextAsync()).ShouldBe("Per time step, no part changes the gradient");
        double[] widths = await shares.Locator(".bar").EvaluateAllAsync<double[]>(
            "bars => bars.map(bar => bar.getBoundingClientRect().width)");
        widths.Max().ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_net_of_two_layers_shows_no_depth_to_speak_of()
    {
        await using PageTab tab = await PageTab.Open(browser, "forgets");

        (await tab.Page.GetByLabel("Gradient against depth and time").CountAsync()).ShouldBe(0);
        (await tab.Page.GetByLabel("Attribution").CountAsync()).ShouldBe(0);
        (await tab.Page.Locator(".before-after").InnerTextAsync()).ShouldContain("decades per time step");
    }

    [Fact]
    public async Task Pointing_at_a_lag_tells_what_is_left_and_a_click_pins_it_in_every_picture_of_time()
    {
        await using PageTab tab = await PageTab.Open(browser, "forgets");

        await tab.Page.Locator(".plot").First.ClickAsync();
        string tip = await tab.Page.Locator(".tip").InnerTextAsync();
        tip.ShouldContain("time steps back");
        tip.ShouldContain("forecast");
        tip.ShouldContain("repaired, step 280");
        (await tab.Page.Locator(".band.pin:not([hidden])").CountAsync()).ShouldBe(3);
        (await tab.Page.Locator(".layer-panel").InnerTextAsync()).ShouldContain("1.rnn, step 0");

        await tab.Page.Keyboard.PressAsync("Escape");
        (await tab.Page.Locator(".band.pin:not([hidden])").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Arrow_keys_walk_back_from_the_last_time_step()
    {
        await using PageTab tab = await PageTab.Open(browser, "forgets");

        await tab.Page.Locator(".time .trio .plot").Nth(1).FocusAsync();
        await tab.Page.Keyboard.PressAsync("ArrowLeft");
        await tab.Page.Keyboard.PressAsync("ArrowLeft");
        await tab.Page.Keyboard.PressAsync("Enter");
        (await tab.Page.Locator(".layer-panel strong").InnerTextAsync()).ShouldBe("1 time step back");
    }

    [Fact]
    public async Task Pointing_at_a_training_step_marks_it_in_the_losses()
    {
        await using PageTab tab = await PageTab.Open(browser, "forgets");

        await tab.Page.Locator(".time .trio .plot").First.HoverAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("memory ends after");
        (await tab.Page.Locator(".hair:not([hidden])").CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_truncation_cuts_is_hatched_and_never_drawn_as_zero()
    {
        await using PageTab tab = await PageTab.Open(browser, "truncated");

        (await tab.Page.Locator(".cut-off").InnerTextAsync()).ShouldBe("cut by truncation");
        (await tab.Page.Locator(".time h3").First.InnerTextAsync())
            .ShouldBe("The gradient is cut after 20 time steps; the answer needs 40");
        (await tab.Page.Locator(".time .key").First.InnerTextAsync()).ShouldNotContain("exactly 0");
        (await tab.Page.Locator(".time .key").First.InnerTextAsync()).ShouldContain("cut by truncation after 20 steps");
    }

    [Fact]
    public async Task Of_several_recurrent_layers_one_is_large_and_any_can_be_chosen()
    {
        await using PageTab tab = await PageTab.Open(browser, "three-recurrent-layers");
        ILocator title = tab.Page.Locator(".time .main h3").First;

        (await title.InnerTextAsync()).ShouldStartWith("1.rnn: the gradient loses");
        await tab.Page.Locator(".choose button").Nth(1).ClickAsync();
        (await title.InnerTextAsync()).ShouldStartWith("2.rnn: the gradient loses");
        (await tab.Page.Locator(".choose .chosen button").InnerTextAsync()).ShouldBe("2.rnn");
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_time_step_does_to_the_state_is_told_by_its_eigenvalues_its_exponent_and_its_gates()
    {
        await using PageTab tab = await PageTab.Open(browser, "state-maps");

        string[] titles = [.. await tab.Page.Locator(".time .trio h4").AllInnerTextsAsync()];
        titles.ShouldContain("Small differences of the state fade to 66\u202f% in a time step");
        titles.ShouldContain("Eigenvalues of the candidate's recurrent weights reach out to 0.300, then to 1.50");
        titles.ShouldContain(
            "One time step stretches the state 1.50\u2011fold at most, half its directions below 0.250");
        titles.ShouldContain("Forget gate 70\u202f% open on average: what the cell holds is kept");
        ILocator plane = tab.Page.Locator(".figure", new() { HasText = "unit circle" });
        (await plane.Locator(".entry").AllInnerTextsAsync())
            .ShouldBe(["training step 0", "training step 240", "unit circle"]);
        await tab.Page.Locator(".figure", new() { HasText = "fade to" }).Last.Locator(".plot").HoverAsync();
        (await tab.Page.Locator(".tip").InnerTextAsync()).ShouldContain("per time step");
        tab.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tanh", "Small differences of the state grow 1.49\u2011fold in a time step: chaos")]
    [InlineData("relu", "Small differences of the state grow 1.49\u2011fold in a time step")]
    public async Task Differences_that_grow_are_chaos_where_states_stay_within_bounds(
        string activation, string expected)
    {
        Run run = new SyntheticRecurrentRun { Activation = activation }.Build();
        run = run with
        {
            Frames = [.. run.Frames.Select(frame => frame with
            {
                ThroughTime = [.. frame.ThroughTime!.Select(profile => profile! with { Lyapunov = 0.4 })],
            })],
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, run, repaired: null));

        (await tab.Page.Locator(".time .trio h4").AllInnerTextsAsync()).ShouldContain(expected);
    }

    [Fact]
    public async Task Heads_that_look_at_one_key_alone_are_counted_above_their_entropy()
    {
        await using PageTab tab = await PageTab.Open(browser, "attends");
        ILocator attention = tab.Page.GetByLabel("Attention", new() { Exact = true });

        (await attention.Locator("h3").InnerTextAsync()).ShouldBe("1 head of 4 looks at one key alone");
        (await attention.Locator("h4").AllInnerTextsAsync()).ShouldBe(["attention-1", "attention-2"]);
        await attention.Locator(".plot").Last.HoverAsync();
        string tip = await tab.Page.Locator(".tip").InnerTextAsync();
        tip.ShouldContain("head 1");
        tip.ShouldContain("90\u202f%");
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Windows_that_end_before_what_the_answer_needs_come_first()
    {
        Run windows = SamplePages.Get("windows").Run;
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, windows, repaired: null));

        ILocator reach = tab.Page.GetByLabel("How far back the output sees", new() { Exact = true });
        (await reach.Locator("h3").InnerTextAsync()).ShouldBe(
            "The output sees 6 of the 20 time steps back that the answer needs");
        string drawn = await reach.Locator(".plot").InnerTextAsync();
        foreach (string told in new[] { "attention-1", "attention-2", "the answer needs 20" })
            drawn.ShouldContain(told);
        (await tab.Page.Locator("main section").Nth(1).GetAttributeAsync("aria-label"))
            .ShouldBe("How far back the output sees");
        tab.Complaints.ShouldBeEmpty();

        Run learns = windows with { Diagnosis = null };
        await using PageTab other = await PageTab.Open(browser, path => ReportPage.Write(path, learns, repaired: null));
        (await other.Page.Locator("main section").Nth(1).GetAttributeAsync("aria-label"))
            .ShouldNotBe("How far back the output sees");
        other.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Short_learned_and_long_not_is_drawn_by_length()
    {
        Run forgets = SamplePages.Get("forgets").Run with
        {
            ByLength = new LossByLength(300,
            [
                new LengthLoss(10, 24, 0.2, 0.95, 2.3, 0.33, 80, true),
                new LengthLoss(100, 100, 2.2, 0.34, 2.3, 0.33, 80, false),
            ]),
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, forgets, repaired: null));

        ILocator figure = tab.Page.GetByLabel("By length", new() { Exact = true });
        (await figure.Locator("h3").InnerTextAsync())
            .ShouldBe("By length: accuracy 95\u202f% at 10–24 time steps, 34\u202f% at 100");
        (await figure.Locator(".key").InnerTextAsync()).ShouldContain("on other lengths");
        tab.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, false, true, 0)]
    [InlineData(false, true, true, 1)]
    public async Task Lengths_are_joined_in_the_colour_of_the_training_where_both_were_trained_on(
        bool first, bool second, bool third, int lines)
    {
        LengthLoss Row(int length, bool isTrained) => new(length, length, 0.2, 0.75, 2.3, 0.33, 80, isTrained);
        Run run = SamplePages.Get("forgets").Run with
        {
            ByLength = new LossByLength(300, [Row(10, first), Row(20, second), Row(40, third)]),
        };
        await using PageTab tab = await PageTab.Open(browser, path => ReportPage.Write(path, run, repaired: null));

        ILocator plot = tab.Page.GetByLabel("By length", new() { Exact = true }).Locator(".plot");
        (await plot.EvaluateAsync<int>(
            """
            plot => {
                const key = plot.closest("section").querySelector(".key .swatch");
                const probe = document.body.appendChild(document.createElement("i"));
                const colorOf = value => {
                    probe.style.color = value;
                    return getComputedStyle(probe).color;
                };
                const trained = colorOf(getComputedStyle(key).getPropertyValue("--c"));
                const lines = [...plot.querySelectorAll("path[fill=none]")];
                return lines
                    .filter(line => colorOf(line.getAttribute("stroke")) === trained && line.getTotalLength() > 9)
                    .length;
            }
            """)).ShouldBe(lines);
        tab.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_not_recorded_is_said_and_how_to_record_it()
    {
        await using PageTab without = await PageTab.Open(browser, "no-lags");
        string text = await without.Page.Locator(".time").InnerTextAsync();
        text.ShouldContain("was not recorded");
        text.ShouldContain("throughTime");

        await using PageTab some = await PageTab.Open(browser, "lags-only");
        string rest = await some.Page.Locator(".time").InnerTextAsync();
        rest.ShouldContain("What recurrent weights, slopes and gates each do was not recorded.");
        rest.ShouldContain("stateRms");
        rest.ShouldContain("how far gates are open were not recorded");
        rest.ShouldContain("Not recorded through time: 2.rnn.");
    }
}
