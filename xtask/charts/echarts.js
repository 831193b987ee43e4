// What the charts use of ECharts. A series, component or feature that is not named here is not there.

import { CandlestickChart, BarChart, LineChart } from "echarts/charts";
import { AxisPointerComponent, DataZoomInsideComponent, GridComponent, MarkLineComponent, MarkPointComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  CandlestickChart,
  BarChart,
  LineChart,
  GridComponent,
  AxisPointerComponent,
  DataZoomInsideComponent,
  MarkLineComponent,
  MarkPointComponent,
  CanvasRenderer,
]);

export { init };
